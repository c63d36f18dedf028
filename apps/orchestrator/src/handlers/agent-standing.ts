import type { ueba } from '@pitcrew/contracts'
import type { Delivery } from '@pitcrew/messaging'

/** Who may work. */
export interface Standing {
  block(agent: string, reason: string, since: string): Promise<void>
  release(agent: string): Promise<void>
}

export const onAgentBlocked =
  (standing: Standing) =>
  async ({ message }: Delivery<ueba.AgentBlocked>) =>
    standing.block(message.actor, message.reason, message.at ?? new Date(0).toISOString())

export const onAgentReleased =
  (standing: Standing) =>
  async ({ message }: Delivery<ueba.AgentReleased>) =>
    standing.release(message.actor)
