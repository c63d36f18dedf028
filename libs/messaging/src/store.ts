/**
 * Puts one message into a stream.
 * 1. Resolved means stored: JetStream acknowledged it.
 * 2. Every attempt goes under the same Nats-Msg-Id, so an acknowledgement that was lost never doubles a message.
 */
import type { Msg, MsgHdrs } from '@nats-io/transport-node'
import { Retryable, Terminal, type Failure } from '@pitcrew/errors'
import { brokerFailure, refusalFailure, type ApiRefusal } from './broker-failure.ts'
import type { Broker } from './broker.ts'
import type { PublishAck } from './messaging.ts'
import { backoffMs, pause } from './pause.ts'

const attemptMs = 5_000
const givenUpAfterMs = 20_000

interface StreamAnswer {
  seq: number
  duplicate?: boolean
  error?: ApiRefusal
}

export async function store(broker: Broker, subject: string, data: Uint8Array, headers: MsgHdrs): Promise<PublishAck> {
  refuseTooLarge(broker, subject, data)
  const giveUpAt = performance.now() + givenUpAfterMs
  for (let attempt = 1; ; attempt++) {
    try {
      return await storeOnce(broker, subject, data, headers)
    } catch (thrown) {
      const failure = thrown as Failure
      if (failure.kind !== 'retryable') throw failure
      if (performance.now() >= giveUpAt) throw unavailable(subject, failure)
      await pause(backoffMs(attempt, 50, 1_000))
    }
  }
}

async function storeOnce(broker: Broker, subject: string, data: Uint8Array, headers: MsgHdrs): Promise<PublishAck> {
  let answer: StreamAnswer
  try {
    const request = broker.connection.request(subject, data, { headers, timeout: attemptMs })
    answer = (await orLost(broker, request, subject)).json<StreamAnswer>()
  } catch (thrown) {
    throw brokerFailure(thrown, subject)
  }
  if (answer.error !== undefined) throw refusalFailure(answer.error, subject)
  return { sequence: answer.seq, duplicate: answer.duplicate ?? false }
}

/** A message or an acknowledgement that was under way when the connection broke will not come any more: no use in waiting. */
async function orLost(broker: Broker, request: Promise<Msg>, subject: string): Promise<Msg> {
  const lost = Promise.withResolvers<never>()
  const off = broker.onReconnect(() =>
    lost.reject(new Retryable('CONNECTION_LOST', `the connection broke before ${subject} was acknowledged`)),
  )
  try {
    return await Promise.race([request, lost.promise])
  } finally {
    off()
  }
}

function refuseTooLarge({ connection }: Broker, subject: string, data: Uint8Array): void {
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
