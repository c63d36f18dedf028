/**
 * F5: what agents say to each other.
 * 1. What is sent, handed over, broadcast or published is stored before it is said to be sent, and survives its receiver's
 *    restart; a request is answered now or fails now.
 * 2. A message is delivered at least once while its time is not over, and never after; who asked is told of that.
 * 3. A handoff is acknowledged when its receiver has taken it over, and the acknowledgement is stored before the handoff is
 *    settled.
 */
import { randomUUID } from 'node:crypto'
import { Terminal, toFailure } from '@pitcrew/errors'
import type { Messaging, Subscription } from '@pitcrew/messaging'
import type { Json } from '../json.ts'
import { parseAddress } from './address.ts'
import { followBroadcasts, followTopic, logExpired } from './broadcasts.ts'
import { readHistory, type HistoryQuery } from './history.ts'
import { Inbox } from './inbox.ts'
import { Intake } from './intake.ts'
import type { ErrorMessage, HandedOver, HandoffMessage, Message, SaidMessage, SendOptions } from './message.ts'
import { Once } from './once.ts'
import { answerExpiryMs, Outbox } from './outbox.ts'
import { Receipts } from './receipts.ts'
import { answerRequests, ask, expired, longestTimeoutMs } from './requests.ts'

export interface CommunicatorOptions {
  messaging: Messaging
  /** Notifications, statuses, and answers that nobody waits for any more. Rejects as handlers of events do. */
  onMessage?: (message: SaidMessage | ErrorMessage) => Promise<void>
  onBroadcast?: (message: SaidMessage) => Promise<void>
  /** Gives the answer, or rejects with the failure that the other side is told. */
  onRequest?: (message: SaidMessage) => Promise<Json>
  /** Resolves when it is taken over; what it gives goes back with the acknowledgement. Terminal: the sender is told. */
  onHandoff?: (message: HandoffMessage) => Promise<Json | void>
  /** Messages handled at once; default 8. */
  concurrency?: number
  nowMs?: () => number
}

/** A handoff that is stored. */
export interface PendingHandoff {
  message: Message
  /**
   * What the receiver gave when it had taken it over. Rejects with the receiver's failure, Terminal EXPIRED when it came too
   * late, Retryable NOT_ACKNOWLEDGED when nothing was heard in time (default 30 s).
   */
  acknowledged(timeoutMs?: number): Promise<Json>
}

export interface Communicator {
  /** "<service>.<instance>" */
  readonly address: string
  /** To one agent, or any one of a service. */
  notify(to: string, topic: string, body: Json, options?: SendOptions): Promise<Message>
  status(to: string, topic: string, body: Json, options?: SendOptions): Promise<Message>
  broadcast(topic: string, body: Json, options?: SendOptions): Promise<Message>
  /** To whoever follows the topic. */
  publish(topic: string, body: Json, options?: SendOptions & { kind?: 'notification' | 'status' }): Promise<Message>
  /** `shared`: instances of this service that give the same name share the messages. Call it before they are published. */
  follow(
    pattern: string,
    handler: (message: SaidMessage) => Promise<void>,
    options?: { shared?: string },
  ): Promise<Subscription>
  /** The answer. Rejects with the other side's failure, Retryable NO_RESPONDERS or DEADLINE_EXCEEDED, Terminal EXPIRED. */
  request(to: string, topic: string, body: Json, options?: SendOptions & { timeoutMs?: number }): Promise<SaidMessage>
  handoff(to: string, topic: string, handedOver: HandedOver, options?: SendOptions): Promise<PendingHandoff>
  history(query?: HistoryQuery): Promise<Message[]>
  /** Takes nothing new, finishes what is in hand. */
  stop(): Promise<void>
}

export async function openCommunicator(options: CommunicatorOptions): Promise<Communicator> {
  const { messaging, onRequest, onBroadcast, concurrency = 8, nowMs = () => Date.now() } = options
  const outbox = new Outbox(messaging, nowMs)
  const intake = new Intake(concurrency)
  const receipts = new Receipts()
  const shared = { messaging, intake, concurrency, nowMs }
  const receive = receiver(options, outbox, receipts)
  const subscriptions: Subscription[] = [
    await Inbox.open({
      ...shared,
      onMessage: receive,
      onExpired: (message) => tellExpired(messaging, outbox, message),
    }),
  ]
  if (onRequest) subscriptions.push(await answerRequests({ ...shared, outbox, onRequest }))
  if (onBroadcast) subscriptions.push(await followBroadcasts(shared, (message) => onBroadcast(message as SaidMessage)))
  const recording = new Set<Promise<void>>()
  /** For the history only: whoever asked has the answer, with or without it. */
  const record = (to: string, messages: Message[]) => {
    const run = outbox
      .record(to, messages)
      .catch((error: unknown) => messaging.telemetry.logger.warn('an exchange is not in the history', { error }))
      .finally(() => recording.delete(run))
    recording.add(run)
  }

  return {
    address: outbox.address,
    notify: (to, topic, body, more) => outbox.send({ kind: 'notification', to, topic, body, ...more }),
    status: (to, topic, body, more) => outbox.send({ kind: 'status', to, topic, body, ...more }),
    broadcast: (topic, body, more) => outbox.broadcast({ kind: 'broadcast', to: '', topic, body, ...more }),
    publish: (topic, body, { kind = 'notification', ...more } = {}) =>
      outbox.publish({ kind, to: '', topic, body, ...more }),
    async follow(pattern, handler, more = {}) {
      const following = await followTopic({ ...shared, ...more }, pattern, (message) => handler(message as SaidMessage))
      subscriptions.push(following)
      return following
    },
    async request(to, topic, body, { timeoutMs = 5_000, ...more } = {}) {
      parseAddress(to)
      requireTimeout(timeoutMs)
      const request = outbox.compose({ kind: 'request', to, topic, body, expiresInMs: timeoutMs, ...more })
      try {
        const answer = await ask(messaging, request, timeoutMs)
        record(to, [request, answer])
        return answer
      } catch (thrown) {
        const failure = toFailure(thrown)
        const { conversation, priority, id: correlation } = request
        const error = {
          kind: 'error' as const,
          failure,
          to: outbox.address,
          topic,
          conversation,
          priority,
          correlation,
        }
        record(to, [request, { ...outbox.compose(error), from: to }])
        throw failure
      }
    },
    async handoff(to, topic, handoff, more) {
      const id = randomUUID()
      receipts.expect(id)
      const message = await outbox.send({ kind: 'handoff', id, to, topic, handoff, ...more })
      return { message, acknowledged: (timeoutMs = 30_000) => receipts.of(message, timeoutMs) }
    },
    history: (query) => readHistory(messaging, query),
    async stop() {
      await Promise.all(subscriptions.map((subscription) => subscription.stop()))
      await Promise.all(recording)
    },
  }
}

function receiver({ messaging, onMessage, onHandoff }: CommunicatorOptions, outbox: Outbox, receipts: Receipts) {
  const { logger } = messaging.telemetry
  const taken = new Once<Json | void>()

  const takeOver = async (message: HandoffMessage): Promise<void> => {
    try {
      if (onHandoff === undefined) throw noHandler(message)
      const body = (await taken.run(message.id, () => onHandoff(message))) ?? null
      await outbox.send({ kind: 'response', body, ...answering(message) })
    } catch (thrown) {
      const failure = toFailure(thrown)
      if (failure.kind === 'terminal') await outbox.send({ kind: 'error', failure, ...answering(message) })
      throw failure
    }
  }

  return async (message: Message): Promise<void> => {
    switch (message.kind) {
      case 'handoff':
        return takeOver(message)
      case 'response':
      case 'error':
        if (receipts.settle(message)) return
        if (onMessage !== undefined) return onMessage(message)
        return logger.debug('an answer that nobody waits for any more', { id: message.id, kind: message.kind })
      case 'notification':
      case 'status':
        if (onMessage === undefined) throw noHandler(message)
        return onMessage(message)
      case 'request':
      case 'broadcast':
        throw new Terminal('BAD_MESSAGE', `a ${message.kind} does not come through an inbox`)
    }
  }
}

async function tellExpired(messaging: Messaging, outbox: Outbox, message: Message): Promise<void> {
  logExpired(messaging, message)
  if (message.kind === 'handoff') await outbox.send({ kind: 'error', failure: expired(message), ...answering(message) })
}

/** The same id for every delivery of the same message: the stream drops the second. */
const answering = ({ id, from, topic, conversation, priority }: Message) => ({
  id: `${id}:answer`,
  to: from,
  topic,
  conversation,
  correlation: id,
  priority,
  expiresInMs: answerExpiryMs,
})

function requireTimeout(timeoutMs: number): void {
  if (timeoutMs > 0 && timeoutMs <= longestTimeoutMs) return
  throw new Terminal('BAD_TIMEOUT', `a request cannot wait ${timeoutMs} ms; expected 1 to ${longestTimeoutMs}`, {
    hint: 'hand over what takes longer',
  })
}

const noHandler = ({ kind, to }: Message) =>
  new Terminal('NO_HANDLER', `${to} takes no ${kind}`, { hint: 'give its communicator a handler for it' })
