/** Reads a stream's messages by sequence, without a consumer (JetStream direct get). */
import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/transport-node'
import { Retryable } from '@pitcrew/errors'
import { brokerFailure } from './broker-failure.ts'

export interface StoredMessage {
  sequence: number
  subject: string
  time: string
  data: Uint8Array
  headers: MsgHdrs | undefined
}

const batch = 256
const timeoutMs = 5_000

export async function directGet(
  connection: NatsConnection,
  stream: string,
  sequence: number,
): Promise<StoredMessage | undefined> {
  const subject = `$JS.API.DIRECT.GET.${stream}`
  const reply = await connection
    .request(subject, JSON.stringify({ seq: sequence }), { timeout: timeoutMs })
    .catch((thrown: unknown) => {
      throw brokerFailure(thrown, subject)
    })
  return storedOf(reply)
}

/** The subject is part of the API subject, so the broker's permissions hold for it. */
export async function directGetLast(
  connection: NatsConnection,
  stream: string,
  subject: string,
): Promise<StoredMessage | undefined> {
  const api = `$JS.API.DIRECT.GET.${stream}.${subject}`
  const reply = await connection.request(api, '', { timeout: timeoutMs }).catch((thrown: unknown) => {
    throw brokerFailure(thrown, api)
  })
  return storedOf(reply)
}

export async function* directGetAll(
  connection: NatsConnection,
  stream: string,
  from: number,
  to: number,
): AsyncGenerator<StoredMessage> {
  for (let next = Math.max(1, from); next <= to;) {
    let last: number | undefined
    for (const stored of await getBatch(connection, stream, next)) {
      last = stored.sequence
      yield stored
    }
    if (last === undefined) return
    next = last + 1
  }
}

async function getBatch(connection: NatsConnection, stream: string, from: number): Promise<StoredMessage[]> {
  const body = JSON.stringify({ seq: from, batch })
  const replies = await connection.requestMany(`$JS.API.DIRECT.GET.${stream}`, body, {
    strategy: 'timer',
    maxWait: timeoutMs,
  })
  const messages: StoredMessage[] = []
  for await (const reply of replies) {
    const stored = storedOf(reply)
    if (stored === undefined) return messages
    messages.push(stored)
  }
  throw new Retryable('BROKER_UNAVAILABLE', `stream ${stream} did not answer in full`)
}

/** undefined for "not found" and "end of batch". */
function storedOf({ data, headers }: Msg): StoredMessage | undefined {
  const sequence = Number(headers?.get('Nats-Sequence'))
  const subject = headers?.get('Nats-Subject')
  if (!subject || !sequence) return undefined
  return { sequence, subject, time: headers?.get('Nats-Time-Stamp') ?? '', data, headers }
}
