/**
 * Publishes into streams and hears what becomes of it. The client's own `request` makes a timer, three promises and an error
 * object for each message, which was a third of what it cost ingest to publish a frame; here all messages of a call share them.
 *
 * Owns: one inbox of the connection (`<inbox>.<call>.<place in it>`), opened by the first call, and the calls that wait there.
 * 1. A message has one outcome, the first that arrives: the stream's answer, a refusal of the broker, a connection that broke or
 *    was closed, or silence for `attemptMs`. What comes later is ignored.
 * 2. A call resolves when each of its messages has its outcome; it never rejects.
 * 3. What was under way when the connection broke is not waited for: the stream may have it or not.
 */
import {
  createInbox,
  errors,
  MsgHdrsImpl,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node'
import { Cancelled, Retryable, type Failure } from '@pitcrew/errors'
import { brokerFailure, refusalFailure, type ApiRefusal } from './broker-failure.ts'
import type { PublishAck } from './messaging.ts'

const usualAttemptMs = 5_000
const sweepMs = 250

export interface Outgoing {
  subject: string
  data: Uint8Array
  /** Bytes: as they go over the wire (see `eventHeaders`). */
  headers: MsgHdrs | Uint8Array
}

export type Outcome = { ack: PublishAck; failure?: never } | { ack?: never; failure: Failure }

export interface AckInbox {
  publish(messages: readonly Outgoing[]): Promise<Outcome[]>
}

interface StreamAnswer {
  seq: number
  duplicate?: boolean
  error?: ApiRefusal
}

interface Call {
  messages: readonly Outgoing[]
  outcomes: Outcome[]
  open: number
  expiresAt: number
  done(outcomes: Outcome[]): void
}

/** What the client writes before a message, encoded already. */
class EncodedHeaders extends MsgHdrsImpl {
  bytes: Uint8Array = new Uint8Array()

  override encode(): Uint8Array {
    return this.bytes
  }
}

export function openAckInbox(connection: NatsConnection, inboxPrefix: string, attemptMs = usualAttemptMs): AckInbox {
  const inbox = `${createInbox(inboxPrefix)}.`
  const calls = new Map<string, Call>()
  const encoded = new EncodedHeaders()
  let subscription: Subscription | undefined
  let sweep: NodeJS.Timeout | undefined
  let lastCall = 0

  const settle = (name: string, call: Call, place: number, outcome: Outcome) => {
    if (call.outcomes[place] !== undefined) return
    call.outcomes[place] = outcome
    call.open -= 1
    if (call.open > 0) return
    calls.delete(name)
    call.done(call.outcomes)
  }
  const settleWhere = (failureOf: (message: Outgoing, call: Call) => Failure | undefined) => {
    for (const [name, call] of calls)
      for (const [place, message] of call.messages.entries()) {
        const failure = failureOf(message, call)
        if (failure !== undefined) settle(name, call, place, { failure })
      }
  }
  const sweepOnce = () => {
    const now = performance.now()
    settleWhere(({ subject }, call) => (call.expiresAt <= now ? silence(subject) : undefined))
    if (calls.size > 0) return
    clearInterval(sweep)
    sweep = undefined
  }
  const onAnswer = (error: Error | null, msg: Msg) => {
    if (error !== null) {
      subscription = undefined
      return settleWhere(({ subject }) => brokerFailure(error, subject))
    }
    const [name, place] = msg.subject.slice(inbox.length).split('.') as [string, string]
    const call = calls.get(name)
    if (call !== undefined) settle(name, call, Number(place), outcomeOf(msg, call.messages[Number(place)]!.subject))
  }
  const send = (name: string, call: Call) => {
    for (const [place, { subject, data, headers }] of call.messages.entries()) {
      if (headers instanceof Uint8Array) encoded.bytes = headers
      try {
        connection.publish(subject, data, {
          reply: `${inbox}${name}.${place}`,
          headers: headers instanceof Uint8Array ? encoded : headers,
        })
      } catch (thrown) {
        settle(name, call, place, { failure: brokerFailure(thrown, subject) })
      }
    }
  }
  const watch = async () => {
    for await (const status of connection.status()) {
      if (status.type === 'reconnect') settleWhere(({ subject }) => lost(subject))
      if (status.type === 'error' && status.error instanceof errors.PermissionViolationError) {
        const refused = status.error
        settleWhere(({ subject }) => (subject === refused.subject ? brokerFailure(refused, subject) : undefined))
      }
    }
    settleWhere(({ subject }) => closed(subject))
  }
  void watch()

  return {
    publish(messages) {
      const { promise, resolve } = Promise.withResolvers<Outcome[]>()
      if (messages.length === 0) resolve([])
      else {
        const name = (++lastCall).toString(36)
        const outcomes = new Array<Outcome>(messages.length)
        const expiresAt = performance.now() + attemptMs
        const call: Call = { messages, outcomes, open: messages.length, expiresAt, done: resolve }
        calls.set(name, call)
        sweep ??= setInterval(sweepOnce, sweepMs)
        try {
          subscription ??= connection.subscribe(`${inbox}>`, { callback: onAnswer })
        } catch {
          // A connection that is closed takes no messages either, and says so for each.
        }
        send(name, call)
      }
      return promise
    },
  }
}

function outcomeOf(msg: Msg, subject: string): Outcome {
  if (msg.data.length === 0 && msg.headers?.code === 503)
    return { failure: brokerFailure(new errors.NoRespondersError(subject), subject) }
  try {
    const { error, seq, duplicate = false } = msg.json<StreamAnswer>()
    return error === undefined ? { ack: { sequence: seq, duplicate } } : { failure: refusalFailure(error, subject) }
  } catch (thrown) {
    return { failure: brokerFailure(thrown, subject) }
  }
}

const silence = (subject: string) =>
  new Retryable('DEADLINE_EXCEEDED', `no answer on ${subject} in time`, { details: { subject } })

const lost = (subject: string) =>
  new Retryable('CONNECTION_LOST', `the connection broke before ${subject} was acknowledged`)

const closed = (subject: string) =>
  new Cancelled('CONNECTION_CLOSED', 'the connection to the broker is closed', { details: { subject } })
