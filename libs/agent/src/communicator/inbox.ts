/**
 * Owns: what is addressed to this agent, or to any one of its service, and waits in the stream.
 * 1. A message is acknowledged when it was handled, was given to the instance that it is for, or its time is over.
 * 2. Its sender is who the subject says, which the broker holds everybody to; one that says otherwise is refused.
 * 3. All instances of a service share one inbox. One that takes a message for another gives it to that one, and keeps it
 *    for as long as that one is away.
 * 4. What was handled here is not handled here again when it comes again.
 */
import { agent, agentMessages } from '@pitcrew/contracts'
import { Retryable, Terminal, toFailure } from '@pitcrew/errors'
import {
  forwardSubject,
  inboxOf,
  taskPriorities,
  type Delivery,
  type Messaging,
  type Subscription,
} from '@pitcrew/messaging'
import { addressTokens, parseAddress } from './address.ts'
import type { Intake } from './intake.ts'
import type { Message } from './message.ts'
import { Once } from './once.ts'
import { fromProto, toProto } from './wire.ts'

export interface InboxOptions {
  messaging: Messaging
  intake: Intake
  concurrency: number
  nowMs: () => number
  /** Rejects as handlers of messages do: Retryable comes again, Terminal goes to the dead letter. */
  onMessage: (message: Message) => Promise<void>
  onExpired: (message: Message) => Promise<void>
}

const template = 'agent.inbox.{service}.{instance}'
/** An instance that is still at it then is asked again, and waits for the same end. */
const forwardWithinMs = 30_000
const awayMs = 1_000
/** A message's own expiry is reached before that. */
const maxDeliver = 4_000

export class Inbox {
  readonly #options: InboxOptions
  readonly #once = new Once<void>()
  readonly #subscriptions: Subscription[] = []

  private constructor(options: InboxOptions) {
    this.#options = options
  }

  static async open(options: InboxOptions): Promise<Inbox> {
    const inbox = new Inbox(options)
    const { messaging, concurrency } = options
    const own = forwardSubject(messaging.service, messaging.instance)
    inbox.#subscriptions.push(
      await messaging.respond(own, { template }, async (data) => {
        await inbox.#receiveOwn(fromProto(agent.AgentMessage.decode(data)))
        return new Uint8Array()
      }),
    )
    for (const priority of taskPriorities) {
      // Of each priority more than can be handled at once, so that the next of the most urgent is here when its turn comes.
      const options = { ...inboxOf(messaging.service, priority), concurrency: 2 * concurrency, maxDeliver }
      inbox.#subscriptions.push(
        await messaging.consume(agentMessages.direct, options, (delivery) => inbox.#receive(delivery)),
      )
    }
    return inbox
  }

  async stop(): Promise<void> {
    await Promise.all(this.#subscriptions.map((subscription) => subscription.stop()))
  }

  async #receive(delivery: Delivery<agent.AgentMessage>): Promise<void> {
    const message = fromProto(delivery.message)
    const { service, instance } = parseAddress(message.to)
    const { messaging } = this.#options
    requireKey(delivery, [
      message.from,
      message.kind,
      String(message.priority),
      ...addressTokens({ service, instance }),
    ])
    if (service !== messaging.service) throw notForUs(message)
    if (instance === undefined || instance === messaging.instance) return this.#receiveOwn(message)
    if (isExpired(message, this.#options.nowMs())) return this.#options.onExpired(message)
    await this.#forward(message, instance)
  }

  #receiveOwn(message: Message): Promise<void> {
    const { intake, nowMs, onMessage, onExpired } = this.#options
    return this.#once.run(message.id, () =>
      intake.run(message.priority, () => (isExpired(message, nowMs()) ? onExpired(message) : onMessage(message))),
    )
  }

  async #forward(message: Message, instance: string): Promise<void> {
    const { messaging } = this.#options
    const data = agent.AgentMessage.encode(toProto(message)).finish()
    try {
      await messaging.request(forwardSubject(messaging.service, instance), data, {
        timeoutMs: forwardWithinMs,
        template,
      })
    } catch (thrown) {
      if (toFailure(thrown).code !== 'NO_RESPONDERS') throw thrown
      throw new Retryable('AGENT_AWAY', `${message.to} is not here at the moment`, {
        cause: thrown,
        afterMs: awayMs,
        hint: `the message is kept until ${message.expiresAt}`,
      })
    }
  }
}

export const isExpired = ({ expiresAt }: Message, nowMs: number): boolean => nowMs >= Date.parse(expiresAt)

const notForUs = ({ to }: Message) =>
  new Terminal('NOT_FOR_US', `a message for ${to} came into this inbox`, {
    hint: 'somebody has changed what the inbox’s consumer lets through; delete the consumer, it is made anew',
  })

/** Terminal FORGED_MESSAGE: what a message says of itself is not what its subject says. */
export function requireKey({ key }: Delivery<agent.AgentMessage>, expected: readonly string[]): void {
  if (key === expected.join('.')) return
  throw new Terminal('FORGED_MESSAGE', 'a message says that it is from, or for, somebody else than its subject does', {
    details: { key },
    hint: 'find out who publishes under that name',
  })
}
