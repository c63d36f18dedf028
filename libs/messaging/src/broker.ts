/** The connection and what every part of this library needs with it. */
import type { NatsConnection } from '@nats-io/transport-node'
import { attributes, type Telemetry } from '@pitcrew/observability'
import type { AckInbox } from './ack-inbox.ts'
import { brokerFailure, refusalFailure, type ApiRefusal } from './broker-failure.ts'

export interface Broker {
  readonly connection: NatsConnection
  readonly service: string
  readonly instance: string
  readonly telemetry: Telemetry
  readonly metrics: MessagingMetrics
  readonly acks: AckInbox
  /** Called after each reconnection, until the returned function is called. */
  onReconnect(listener: () => void): () => void
}

export type MessagingMetrics = ReturnType<typeof createMetrics>

/** OpenTelemetry's messaging metrics, and the backlog, which it has no name for. */
export function createMetrics({ meter }: Telemetry) {
  return {
    sent: meter.createCounter('messaging.client.sent.messages', { description: 'messages published' }),
    processed: meter.createHistogram('messaging.process.duration', { unit: 's', description: 'time in a handler' }),
    backlog: meter.createGauge('pitcrew.consumer.backlog', { description: 'messages waiting for a consumer' }),
  }
}

export const messagingAttributes = (
  operation: 'send' | 'process' | 'request',
  type: 'send' | 'process',
  template: string,
) => ({
  [attributes.messagingSystem]: 'nats',
  [attributes.messagingOperation]: operation,
  [attributes.messagingOperationType]: type,
  [attributes.messagingDestinationTemplate]: template,
})

/** One call of the JetStream API, which answers in JSON with `error` when it refuses. */
export async function callApi<T>(
  connection: NatsConnection,
  subject: string,
  payload: unknown,
  timeoutMs = 5_000,
): Promise<T> {
  const body = payload === undefined ? '' : JSON.stringify(payload)
  const answer = await connection
    .request(`$JS.API.${subject}`, body, { timeout: timeoutMs })
    .catch((thrown: unknown) => {
      throw brokerFailure(thrown, subject)
    })
  const parsed = answer.json<T & { error?: ApiRefusal }>()
  if (parsed.error !== undefined) throw refusalFailure(parsed.error, subject)
  return parsed
}
