/** The parts of the JetStream API that the client library has no call for, and errors of all of them as failures. */
import type { StreamInfo } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { Retryable, Terminal } from '@pitcrew/errors'

interface Refusal {
  code: number
  err_code: number
  description: string
}

interface Page {
  total: number
  offset: number
  limit: number
}

const answerWithinMs = 10_000

/** @throws Terminal NOT_FOUND, FORBIDDEN or BROKER_REFUSED; Retryable BROKER_UNAVAILABLE */
export async function callApi<T>(connection: NatsConnection, subject: string, body?: unknown): Promise<T> {
  const payload = body === undefined ? '' : JSON.stringify(body)
  const message = await connection
    .request(`$JS.API.${subject}`, payload, { timeout: answerWithinMs })
    .catch(lost(subject))
  return accepted<T>(message.json(), subject)
}

export function accepted<T>(answer: unknown, subject: string): T {
  const { error } = answer as { error?: Refusal }
  if (error === undefined) return answer as T
  const words = `${subject}: ${error.description} (${error.err_code})`
  const details = { err_code: error.err_code }
  if (error.code === 404) throw new Terminal('NOT_FOUND', words, { details })
  if (error.code === 503) throw new Retryable('BROKER_UNAVAILABLE', words, { details })
  throw new Terminal('BROKER_REFUSED', words, { details })
}

export const lost =
  (subject: string) =>
  (cause: unknown): never => {
    throw new Retryable('BROKER_UNAVAILABLE', `no answer on ${subject}: ${(cause as Error).message}`, {
      cause,
      hint: 'is the broker up, and may this identity use its JetStream API? The provisioner may.',
    })
  }

/** Every stream of the account, by name. */
export async function allStreams(connection: NatsConnection): Promise<StreamInfo[]> {
  const streams = await paged<StreamInfo>(connection, 'STREAM.LIST', 'streams')
  return streams.sort((a, b) => (a.config.name < b.config.name ? -1 : 1))
}

export interface ConsumerSummary {
  name: string
  config: { durable_name?: string; deliver_policy: string; inactive_threshold?: number }
  ack_floor: { stream_seq: number }
}

/** Those that outlive whoever made them. */
export async function durableConsumers(connection: NatsConnection, stream: string): Promise<ConsumerSummary[]> {
  const consumers = await paged<ConsumerSummary>(connection, `CONSUMER.LIST.${stream}`, 'consumers')
  return consumers.filter(({ config }) => config.durable_name !== undefined && !config.inactive_threshold)
}

async function paged<T>(connection: NatsConnection, subject: string, key: string): Promise<T[]> {
  const all: T[] = []
  for (;;) {
    const page = await callApi<Page & { [key: string]: T[] | null }>(connection, subject, { offset: all.length })
    const items = (page[key] as T[] | null) ?? []
    all.push(...items)
    if (items.length === 0 || all.length >= page.total) return all
  }
}
