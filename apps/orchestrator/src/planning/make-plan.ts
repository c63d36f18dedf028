/**
 * F1: from a goal to a plan that may run. A model, where one is configured, gets two tries: what is wrong with the first goes back
 * to it. Then, or when it cannot be asked, the rules make the plan, and the plan says so.
 */
import { toFailure, type Failure } from '@pitcrew/errors'
import type { Catalogue } from './catalogue.ts'
import { checkDraft, type Reserved } from './draft.ts'
import { checkGoal } from './goal.ts'
import { planOf } from './plan-graph.ts'
import type { Asking, Goal, Plan, Planner } from './plan.ts'

export interface Planning {
  catalogue: Catalogue
  rules: Planner
  /** Undefined if none is configured. */
  model?: Planner
  /** Ids that the definition around the plan uses itself. */
  reserved: Reserved
}

/** @throws Terminal BAD_GOAL, NO_PLAN, BAD_PLAN: nothing could make a plan of it; Cancelled */
export async function makePlan(given: unknown, planning: Planning, signal?: AbortSignal): Promise<Plan> {
  const goal = checkGoal(given)
  const { model, rules } = planning
  const notes: string[] = []
  if (model) {
    const plan = await askModel(model, goal, planning, notes, signal)
    if (plan) return plan
  }
  const made = await attempt(rules, goal, planning, { signal }, notes)
  if ('plan' in made) return made.plan
  throw made.failure
}

/** Undefined, and a note why, if nothing that may run came of it. */
async function askModel(
  model: Planner,
  goal: Goal,
  planning: Planning,
  notes: string[],
  signal?: AbortSignal,
): Promise<Plan | undefined> {
  let made = await attempt(model, goal, planning, { signal }, notes)
  if ('failure' in made && mendable(made.failure)) {
    const { code, message } = made.failure
    const correction = { answer: made.answer, problem: message }
    notes.push(`the first answer of the model was refused (${code}: ${message})`)
    made = await attempt(model, goal, planning, { signal, correction }, notes)
  }
  if ('plan' in made) return made.plan
  const { failure } = made
  const why = mendable(failure) ? 'was refused again' : 'could not be asked'
  notes.push(`the model ${why} (${failure.code}: ${failure.message}); this plan was made by rules`)
  return undefined
}

type Made = { plan: Plan } | { answer: string; failure: Failure }

async function attempt(
  planner: Planner,
  goal: Goal,
  { catalogue, reserved }: Planning,
  asking: Asking,
  notes: readonly string[],
): Promise<Made> {
  let answer = ''
  try {
    const draft = await planner.plan(goal, catalogue, asking)
    answer = JSON.stringify(draft) ?? ''
    const checked = checkDraft(draft, goal, catalogue, reserved)
    return { plan: planOf(checked, catalogue, reserved, { madeBy: planner.name, notes: [...notes] }) }
  } catch (error) {
    const failure = toFailure(error)
    if (failure.kind === 'cancelled') throw failure
    return { answer, failure }
  }
}

/** Another answer may be better; another call to who does not answer is not. */
const mendable = ({ kind, code }: Failure): boolean => kind === 'terminal' && code !== 'PLANNER_REFUSED'
