import type { ueba } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { Delivery } from '@pitcrew/messaging'

/** Who may work. */
export interface Standing {
  block(agent: string, at: string): Promise<void>
  release(agent: string, at: string): Promise<void>
}

export const onAgentBlocked = (standing: Standing) => async (delivery: Delivery<ueba.AgentBlocked>) =>
  standing.block(...named(delivery.message))

export const onAgentReleased = (standing: Standing) => async (delivery: Delivery<ueba.AgentReleased>) =>
  standing.release(...named(delivery.message))

function named({ actor, at }: { actor: string; at?: string | undefined }): [string, string] {
  if (actor !== '' && at !== undefined) return [actor, at]
  throw new Terminal('BAD_STANDING', 'a block or release names an actor and a time')
}
