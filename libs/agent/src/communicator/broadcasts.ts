/** What is for every agent, and topics: every instance gets each message, also those of its last ten minutes away. */
import { createHash } from 'node:crypto'
import { agentMessages, type agent, type EventType } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { taskPriorities, type Delivery, type Messaging, type Subscription } from '@pitcrew/messaging'
import { isExpired, requireKey } from './inbox.ts'
import type { Intake } from './intake.ts'
import type { Message } from './message.ts'
import { Once } from './once.ts'
import { fromProto } from './wire.ts'

export interface FollowOptions {
  messaging: Messaging
  intake: Intake
  concurrency: number
  nowMs: () => number
  /** Instances of the service that give the same name share the messages, for ever; else each gets all. */
  shared?: string
}

type Handler = (message: Message) => Promise<void>

/** Other agents' broadcasts. */
export function followBroadcasts(options: FollowOptions, handler: Handler): Promise<Subscription> {
  return follow(options, { event: agentMessages.broadcast, durable: 'broadcasts', rest: [] }, handler)
}

/** `pattern`: a topic, in which "*" stands for one word and ">" at the end for one or more. Terminal BAD_TOPIC. */
export function followTopic(options: FollowOptions, pattern: string, handler: Handler): Promise<Subscription> {
  if (!patternForm.test(pattern)) {
    throw new Terminal('BAD_TOPIC', `"${pattern}" is no pattern of topics`, {
      hint: 'as in "diagnosis.finished", "diagnosis.*" or "diagnosis.>"',
    })
  }
  // Names of consumers hold neither dots nor wildcards.
  const hash = createHash('sha256').update(pattern).digest('hex').slice(0, 12)
  const durable = options.shared === undefined ? `topic-${hash}` : `topic-${hash}-${options.shared}`
  return follow(options, { event: agentMessages.topic, durable, rest: [pattern] }, handler)
}

const patternForm = /^([a-z0-9-]+|\*)(\.([a-z0-9-]+|\*))*(\.>)?$|^>$/

interface Source {
  event: EventType<agent.AgentMessage>
  durable: string
  /** What comes behind the priority in the key. */
  rest: string[]
}

async function follow(options: FollowOptions, source: Source, handler: Handler): Promise<Subscription> {
  const { messaging, intake, concurrency, nowMs, shared } = options
  const { event, durable, rest } = source
  const once = new Once<void>()
  const receive = async (delivery: Delivery<agent.AgentMessage>) => {
    const message = fromProto(delivery.message)
    const { id, from, kind, priority, topic } = message
    requireKey(delivery, [from, kind, String(priority), ...(rest.length > 0 ? [topic] : [])])
    if (from === `${messaging.service}.${messaging.instance}`) return
    await once.run(id, () =>
      intake.run(priority, async () => {
        if (isExpired(message, nowMs())) return logExpired(messaging, message)
        await handler(message)
      }),
    )
  }
  const subscriptions: Subscription[] = []
  for (const priority of taskPriorities) {
    const key = ['*', '*', '*', String(priority), ...rest].join('.')
    const consumer = {
      durable: `${durable}-${priority}`,
      key,
      concurrency: 2 * concurrency,
      from: 'new',
      perInstance: !shared,
    } as const
    subscriptions.push(await messaging.consume(event, consumer, receive))
  }
  return { stop: async () => void (await Promise.all(subscriptions.map((each) => each.stop()))) }
}

export function logExpired({ telemetry }: Messaging, { id, kind, from, topic, expiresAt }: Message): void {
  telemetry.logger.info('a message came too late and is not delivered', {
    id,
    kind,
    from,
    topic,
    expires_at: expiresAt,
  })
}
