/**
 * Puts a message that will not be tried again where a person finds it.
 * 1. The message is settled only after the dead letter is stored: it is in one of the two places at any moment.
 * 2. One dead letter per message and consumer, however often the attempt to store it is repeated.
 */
import { headers as newHeaders } from '@nats-io/transport-node'
import type { Failure } from '@pitcrew/errors'
import type { Arrival } from './arrival.ts'
import type { Broker } from './broker.ts'
import { setHeader } from './cloud-event.ts'
import type { ConsumerSpec } from './consumer-config.ts'
import { store } from './store.ts'

/** Headers of a dead letter, beside those that the message had. */
export const deadLetterHeaders = {
  kind: 'pitcrew-failure-kind',
  code: 'pitcrew-failure-code',
  message: 'pitcrew-failure-message',
  hint: 'pitcrew-failure-hint',
  service: 'pitcrew-dead-service',
  consumer: 'pitcrew-dead-consumer',
  stream: 'pitcrew-dead-stream',
  sequence: 'pitcrew-dead-sequence',
  subject: 'pitcrew-dead-subject',
  deliveries: 'pitcrew-dead-deliveries',
} as const

const longestMessage = 1_000

/** `type`: event type or task, "analysis.alert.raised.v1". */
export async function storeDeadLetter(
  broker: Broker,
  spec: ConsumerSpec,
  type: string,
  arrival: Arrival,
  failure: Failure,
): Promise<void> {
  const headers = newHeaders()
  for (const [name, values] of arrival.headers ?? []) {
    // The broker's own would make it schedule, expire or drop the dead letter.
    if (!name.startsWith('Nats-')) for (const value of values) headers.append(name, value)
  }
  const facts = {
    kind: failure.kind,
    code: failure.code,
    message: failure.message.slice(0, longestMessage),
    hint: failure.hint ?? '',
    service: broker.service,
    consumer: spec.name,
    stream: spec.stream,
    sequence: String(arrival.sequence),
    subject: arrival.subject,
    deliveries: String(arrival.deliveries),
  }
  for (const [fact, value] of Object.entries(facts))
    setHeader(headers, deadLetterHeaders[fact as keyof typeof facts], value)
  setHeader(headers, 'Nats-Msg-Id', `${spec.stream}/${spec.name}/${arrival.sequence}`)
  await store(broker, `dead-letter.${broker.service}.${type}`, arrival.data, headers)
  const { logger } = broker.telemetry
  logger.error('message went to the dead letter', {
    subject: arrival.subject,
    consumer: spec.name,
    code: failure.code,
    deliveries: arrival.deliveries,
  })
}
