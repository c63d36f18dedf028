/**
 * Puts messages into streams.
 * 1. Resolved means stored: JetStream acknowledged all of them.
 * 2. Every attempt of a message goes under the same Nats-Msg-Id, so an acknowledgement that was lost never doubles it.
 * 3. Of several, those that failed are tried again together, when the others have their answer.
 */
import type { MsgHdrs } from '@nats-io/transport-node'
import { Retryable, Terminal, type Failure } from '@pitcrew/errors'
import type { Outgoing } from './ack-inbox.ts'
import type { Broker } from './broker.ts'
import type { PublishAck } from './messaging.ts'
import { backoffMs, pause } from './pause.ts'

const givenUpAfterMs = 20_000

export async function store(
  broker: Broker,
  subject: string,
  data: Uint8Array,
  headers: MsgHdrs | Uint8Array,
): Promise<PublishAck> {
  const [ack] = await storeAll(broker, [{ subject, data, headers }])
  return ack!
}

/** Rejects when one failed; the others may be stored. */
export async function storeAll(broker: Broker, messages: readonly Outgoing[]): Promise<PublishAck[]> {
  for (const message of messages) refuseTooLarge(broker, message)
  const giveUpAt = performance.now() + givenUpAfterMs
  const acks: PublishAck[] = []
  let open = messages.map((message, place) => ({ message, place }))
  for (let attempt = 1; ; attempt++) {
    const outcomes = await broker.acks.publish(open.map(({ message }) => message))
    const failed: typeof open = []
    let last: { failure: Failure; subject: string } | undefined
    for (const [i, { ack, failure }] of outcomes.entries()) {
      const tried = open[i]!
      if (failure === undefined) {
        acks[tried.place] = ack
        continue
      }
      if (failure.kind !== 'retryable') throw failure
      last = { failure, subject: tried.message.subject }
      failed.push(tried)
    }
    if (last === undefined) return acks
    if (performance.now() >= giveUpAt) throw unavailable(last.subject, last.failure)
    await pause(backoffMs(attempt, 50, 1_000))
    open = failed
  }
}

function refuseTooLarge({ connection }: Broker, { subject, data }: Outgoing): void {
  const limit = connection.info?.max_payload
  if (limit === undefined || data.length <= limit) return
  throw new Terminal('TOO_LARGE', `${data.length} bytes for ${subject}; the broker takes ${limit}`, {
    hint: 'split the message, or raise max_payload',
  })
}

const unavailable = (subject: string, cause: Failure) =>
  new Retryable('BROKER_UNAVAILABLE', `${subject} was not stored within ${givenUpAfterMs / 1_000} s (${cause.code})`, {
    cause,
    hint: 'is the broker up, and are its streams provisioned?',
  })
