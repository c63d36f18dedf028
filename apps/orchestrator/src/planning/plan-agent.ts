/** F1: the agent that makes plans, for the task `orchestration.plan-goal` of a planned goal. */
import { assign, type AgentSelection } from './assign.ts'
import { makePlan, type Planning } from './make-plan.ts'
import { planGoal, reservedIds, type PlanMade } from './planned-goal.ts'

export interface PlanAgentOptions extends Omit<Planning, 'reserved'> {
  agents: AgentSelection
}

/** In the shape of a handler of @pitcrew/agent: JSON in, JSON out. */
export function planAgent({ agents, ...planning }: PlanAgentOptions) {
  return {
    capability: planGoal.name,
    timeoutMs: planGoal.timeoutMs,
    async invoke(input: Uint8Array, { signal }: { signal: AbortSignal }): Promise<Uint8Array> {
      const { goal } = JSON.parse(new TextDecoder().decode(input)) as { goal?: unknown }
      const made = await planned(goal, { ...planning, agents }, signal)
      return new TextEncoder().encode(JSON.stringify(made))
    },
  }
}

export async function planned(
  goal: unknown,
  { agents, ...planning }: PlanAgentOptions,
  signal?: AbortSignal,
): Promise<PlanMade> {
  const plan = await makePlan(goal, { ...planning, reserved: reservedIds }, signal)
  const { graph, result, ...shown } = await assign(plan, agents)
  return { ...shown, graph: { nodes: graph.nodes as unknown as PlanMade['graph']['nodes'], result } }
}
