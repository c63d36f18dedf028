/** F1: what the task `orchestration.plan-goal` of a planned goal does. */
import { assign, type AgentSelection } from './assign.ts'
import { makePlan, type Planning } from './make-plan.ts'
import { reservedIds, type PlanMade } from './planned-goal.ts'

export interface PlannedOptions extends Omit<Planning, 'reserved'> {
  agents: AgentSelection
}

/** @throws as makePlan */
export async function planned(
  goal: unknown,
  { agents, ...planning }: PlannedOptions,
  signal?: AbortSignal,
): Promise<PlanMade> {
  const plan = await makePlan(goal, { ...planning, reserved: reservedIds }, signal)
  const { graph, result, ...shown } = await assign(plan, agents)
  return { ...shown, graph: { nodes: graph.nodes as unknown as PlanMade['graph']['nodes'], result } }
}
