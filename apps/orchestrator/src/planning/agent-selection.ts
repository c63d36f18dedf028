/** F1: the choice among the agents that are there, by the engine's `chooseAgent`. */
import { chooseAgent, type AgentStanding } from '@pitcrew/workflow'
import type { AgentSelection } from './assign.ts'

/**
 * @param candidates agents that may be asked for the capability, with their record of it
 * @param now Unix milliseconds
 */
export function selectAgents(
  candidates: (task: {
    capability: string
    expertise: readonly string[]
  }) => readonly AgentStanding[] | Promise<readonly AgentStanding[]>,
  now: () => number,
): AgentSelection {
  return {
    async choose(task) {
      const { chosen, because } = chooseAgent(task, await candidates(task), now())
      return { agent: chosen, because }
    },
  }
}
