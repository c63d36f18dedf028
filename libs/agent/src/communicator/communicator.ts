/**
 * F5: what agents say to each other.
 * 1. What is sent, handed over, broadcast or published is stored before it is said to be sent, and survives its receiver's
 *    restart; a request is answered now or fails now.
 * 2. A message is delivered at least once while its time is not over, and never after; who asked is told of that.
 * 3. A handoff is acknowledged when its receiver has taken it over, and the acknowledgement is stored before the handoff is
 *    settled.
 */
import { randomUUID } from 'node:crypto'
import type { Messaging, Subscription } from '@pitcrew/messaging'
import type { Json } from '../json.ts'
import { followBroadcasts, followTopic } from './broadcasts.ts'
import { readHistory, type HistoryQuery } from './history.ts'
import { Inbox } from './inbox.ts'
import { Intake } from './intake.ts'
import type { ErrorMessage, HandedOver, HandoffMessage, Message, SaidMessage, SendOptions } from './message.ts'
import { Outbox } from './outbox.ts'
import { receiver, tellExpired } from './receiver.ts'
import { Receipts } from './receipts.ts'
import { Requester } from './requester.ts'
import { answerRequests } from './requests.ts'

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
  const requester = new Requester(messaging, outbox)

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
    request: (to, topic, body, more) => requester.request(to, topic, body, more),
    async handoff(to, topic, handoff, more) {
      const id = randomUUID()
      receipts.expect(id)
      const message = await outbox.send({ kind: 'handoff', id, to, topic, handoff, ...more })
      return { message, acknowledged: (timeoutMs = 30_000) => receipts.of(message, timeoutMs) }
    },
    history: (query) => readHistory(messaging, query),
    async stop() {
      await Promise.all(subscriptions.map((subscription) => subscription.stop()))
      await requester.idle()
    },
  }
}
