/** What was said: by this service, to it, and to all. Confidential messages of others are not for it to read. */
import { agentMessages, type agent } from '@pitcrew/contracts'
import { toFailure } from '@pitcrew/errors'
import { history, type Delivery, type Messaging } from '@pitcrew/messaging'
import type { Message, MessageKind } from './message.ts'
import { fromProto } from './wire.ts'

export interface HistoryQuery {
  /** "<service>" or "<service>.<instance>": from or to this agent. */
  agent?: string
  conversation?: string
  kind?: MessageKind
  topic?: string
  /** ISO 8601. Default: as far back as messages are kept (7 days); the longer, the slower. */
  since?: string
  until?: string
  /** The last so many; default 50. */
  last?: number
}

/** Oldest first. */
export async function readHistory(messaging: Messaging, query: HistoryQuery = {}): Promise<Message[]> {
  const { kind = '*', since, last = 50 } = query
  const { service, telemetry } = messaging
  const { direct, exchange, broadcast, topic } = agentMessages
  const sources = [
    { event: direct, key: `${service}.*.${kind}.*.*.*` },
    { event: direct, key: `*.*.${kind}.*.${service}.*` },
    { event: exchange, key: `${service}.*.${kind}.*.*.*` },
    { event: broadcast, key: `*.*.${kind}.*` },
    { event: topic, key: `*.*.${kind}.*.>` },
  ]
  const found = new Map<string, Message>()
  const matches = (delivery: Delivery<agent.AgentMessage>) => {
    const message = read(delivery, telemetry.logger)
    return message !== undefined && fits(message, query)
  }
  const reading = sources.map(({ event, key }) =>
    history(messaging, event, { key, last, matches, ...(since && { since }) }),
  )
  for (const delivery of (await Promise.all(reading)).flat()) {
    const message = fromProto(delivery.message)
    found.set(message.id, message)
  }
  return [...found.values()].sort(byTime).slice(-last)
}

function read(delivery: Delivery<agent.AgentMessage>, logger: Messaging['telemetry']['logger']): Message | undefined {
  try {
    return fromProto(delivery.message)
  } catch (thrown) {
    logger.warn('a stored message cannot be read', { id: delivery.id, error: toFailure(thrown) })
    return undefined
  }
}

function fits({ from, to, ...message }: Message, query: HistoryQuery): boolean {
  const { agent: about, conversation, topic, since, until } = query
  return (
    (about === undefined || [from, to].some((each) => each === about || each.startsWith(`${about}.`))) &&
    (conversation === undefined || message.conversation === conversation) &&
    (topic === undefined || message.topic === topic) &&
    (since === undefined || message.sentAt >= since) &&
    (until === undefined || message.sentAt < until)
  )
}

/** An answer of the same millisecond comes after what it answers. */
function byTime(a: Message, b: Message): number {
  if (a.sentAt !== b.sentAt) return a.sentAt < b.sentAt ? -1 : 1
  return a.correlation === b.id ? 1 : b.correlation === a.id ? -1 : 0
}
