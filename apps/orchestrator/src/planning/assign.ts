/** F1: which agent would get each task of a plan, by expertise, load and record (the engine's `chooseAgent`). */
import type { Plan, PlannedTask } from './plan.ts'

export interface Choice {
  /** Null if none can. */
  agent: string | null
  because: string
}

/** The agents that are there, and who among them is best for a task. */
export interface AgentSelection {
  choose(task: { capability: string; expertise: readonly string[] }): Choice | Promise<Choice>
}

/** The plan with the choices in it. A task that nobody can take now is no fault of the plan: it waits in its queue. */
export async function assign(plan: Plan, agents: AgentSelection): Promise<Plan> {
  const notes = [...plan.notes]
  const tasks: Record<string, PlannedTask> = {}
  for (const [id, task] of Object.entries(plan.tasks)) {
    const { agent, because } = await agents.choose(task)
    if (agent === null) notes.push(`at present nobody can do "${id}" (${task.capability}): ${because}`)
    tasks[id] = { ...task, agent, because }
  }
  return { ...plan, tasks, notes }
}
