/**
 * Requests that need an answer now: core request and reply, nothing waits in a stream.
 * 1. Who asks gets exactly one end: the answer, the responder's failure, or that the time is over.
 * 2. A request whose time is over before its turn comes is not handled; who asked is told so.
 * 3. While nobody answers on the address, it is asked again until the time is over: an agent may be starting again.
 */
import { agent, anyInstance } from '@pitcrew/contracts'
import { Retryable, Terminal, toFailure } from '@pitcrew/errors'
import { backoffMs, pause, requestFilter, requestSubject, type Messaging, type Subscription } from '@pitcrew/messaging'
import type { Json } from '../json.ts'
import { addressTokens, parseAddress } from './address.ts'
import { isExpired } from './inbox.ts'
import type { Intake } from './intake.ts'
import type { Message, SaidMessage } from './message.ts'
import { answerExpiryMs, type Outbox } from './outbox.ts'
import { fromProto, toProto } from './wire.ts'

const template = 'agent.request.{service}.{instance}.{priority}.{receiving service}.{receiving instance}'
/** The broker lets an answer through for two minutes. */
export const longestTimeoutMs = 110_000
const mostWaiting = 1_000

/** Retryable NO_RESPONDERS, DEADLINE_EXCEEDED, TOO_MANY_REQUESTS; Terminal EXPIRED, FORBIDDEN; or the responder's own failure. */
export async function ask(messaging: Messaging, request: Message, timeoutMs: number): Promise<SaidMessage> {
  const from: [string, string] = [messaging.service, messaging.instance]
  const subject = requestSubject(from, request.priority, addressTokens(parseAddress(request.to)))
  const data = agent.AgentMessage.encode(toProto(request)).finish()
  const endAt = performance.now() + timeoutMs
  for (let attempt = 1; ; attempt++) {
    const leftMs = Math.max(1, Math.ceil(endAt - performance.now()))
    try {
      const reply = await messaging.request(subject, data, { timeoutMs: leftMs, template })
      return answerTo(request, reply)
    } catch (thrown) {
      const failure = toFailure(thrown)
      const pauseMs = backoffMs(attempt, 25, 1_000)
      if (failure.code !== 'NO_RESPONDERS' || performance.now() + pauseMs >= endAt) throw failure
      await pause(pauseMs)
    }
  }
}

function answerTo(request: Message, reply: Uint8Array): SaidMessage {
  const answer = fromProto(agent.AgentMessage.decode(reply))
  if (answer.kind === 'response' && answer.correlation === request.id) return answer
  throw new Terminal('BAD_MESSAGE', `the answer to ${request.id} is no response to it`, {
    details: { kind: answer.kind, correlation: answer.correlation },
  })
}

export interface AnswerOptions {
  messaging: Messaging
  outbox: Outbox
  intake: Intake
  nowMs: () => number
  onRequest: (request: SaidMessage) => Promise<Json>
}

export async function answerRequests(options: AnswerOptions): Promise<Subscription> {
  const { messaging } = options
  const { service, instance } = messaging
  const handler = (data: Uint8Array, _: unknown, subject: string) => answer(options, data, subject)
  const subscriptions = [
    await messaging.respond(requestFilter(service, instance), { template }, handler),
    await messaging.respond(requestFilter(service, anyInstance), { template, queue: service }, handler),
  ]
  return { stop: async () => void (await Promise.all(subscriptions.map((each) => each.stop()))) }
}

async function answer(options: AnswerOptions, data: Uint8Array, subject: string): Promise<Uint8Array> {
  const { outbox, intake, nowMs, onRequest } = options
  const request = fromProto(agent.AgentMessage.decode(data))
  requireSender(request, subject)
  if (request.kind !== 'request') throw new Terminal('BAD_MESSAGE', `a ${request.kind} is no request`)
  if (intake.waiting >= mostWaiting) throw tooMany(outbox.address)
  const body = await intake.run(request.priority, () => {
    if (isExpired(request, nowMs())) throw expired(request)
    return onRequest(request)
  })
  const { id, from, topic, conversation, priority } = request
  const answered = { to: from, topic, conversation, correlation: id, priority, expiresInMs: answerExpiryMs }
  return agent.AgentMessage.encode(toProto(outbox.compose({ kind: 'response', body, ...answered }))).finish()
}

/** Terminal FORGED_MESSAGE: the broker holds a sender to its name in the subject; the message must say the same. */
function requireSender({ from, priority, to }: Message, subject: string): void {
  const dot = from.indexOf('.')
  const sender: [string, string] = [from.slice(0, dot), from.slice(dot + 1)]
  if (dot > 0 && subject === requestSubject(sender, priority, addressTokens(parseAddress(to)))) return
  throw new Terminal('FORGED_MESSAGE', 'a request says that it is from, or for, somebody else than its subject does', {
    hint: 'find out who publishes under that name',
  })
}

export const expired = ({ id, expiresAt }: Message) =>
  new Terminal('EXPIRED', `message ${id} was to be delivered by ${expiresAt}; it was not delivered`, {
    details: { id, expiresAt },
    hint: 'give it more time, or a higher priority',
  })

const tooMany = (address: string) =>
  new Retryable('TOO_MANY_REQUESTS', `${mostWaiting} requests wait at ${address} already`, { afterMs: 1_000 })
