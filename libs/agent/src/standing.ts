/**
 * Whether this agent may work: what UEBA, or a person, last said of it or of its whole service.
 * 1. Nothing is taken before that is known: an agent that was blocked does not work because it was restarted.
 */
import { events, type ueba } from '@pitcrew/contracts'
import type { Delivery, Messaging, Subscription } from '@pitcrew/messaging'

type Word = ueba.AgentBlocked | ueba.AgentReleased

export interface StandingOptions {
  messaging: Messaging
  service: string
  actor: string
  onBlocked(): void
  /** Also at the start, when it is not blocked. */
  onReleased(): void
}

export async function followStanding({ messaging, service, actor, ...on }: StandingOptions): Promise<Subscription> {
  const last = new Map<string, { at: string; blocked: boolean }>()
  let told: boolean | undefined
  const hear = ({ message, type, time }: Delivery<Word>) => {
    const at = message.at ?? time
    // Blocks and releases come from two consumers, so not always in the order in which they were said.
    if (message.actor !== actor && message.actor !== service) return
    if ((last.get(message.actor)?.at ?? '') <= at)
      last.set(message.actor, { at, blocked: type.subject === events.agentBlocked.subject })
  }
  const tell = () => {
    const blocked = [...last.values()].some((each) => each.blocked)
    if (blocked === told) return
    told = blocked
    if (blocked) on.onBlocked()
    else on.onReleased()
  }

  for (const subject of [actor, service]) {
    for (const event of [events.agentBlocked, events.agentReleased]) {
      const word: Delivery<Word> | undefined = await messaging.latest<Word>(event, subject)
      if (word !== undefined) hear(word)
    }
  }
  tell()
  const options = { durable: 'agent-standing', perInstance: true, from: 'last' } as const
  return messaging.consume<Word>([events.agentBlocked, events.agentReleased], options, async (delivery) => {
    hear(delivery)
    tell()
  })
}
