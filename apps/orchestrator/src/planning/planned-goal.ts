/**
 * F1: a workflow that is told what is wanted and not how: a plan is made, shown to a person, and run once it was approved.
 *
 * The plan's graph is checked twice: when it is made (make-plan.ts) and by the engine before it runs.
 */
import { defineWorkflow, not, plainLifecycle, type Callable, type Definition, type Json } from '@pitcrew/workflow'
import type { Catalogue } from './catalogue.ts'
import type { Goal, Plan } from './plan.ts'
import { vehicleCatalogue } from './vehicle-catalogue.ts'

export interface PlannedGoalInput {
  goal: Goal
  /** For a person to approve the plan, milliseconds. */
  approvalMs: number
}

/** The plan as it travels: with the graph in the form that the engine takes. */
export type PlanMade = Omit<Plan, 'graph' | 'result'> & { graph: { nodes: { [field: string]: Json }[]; result: Json } }

const json = {
  request: { toJSON: (message: unknown) => message },
  response: { fromJSON: (message: never) => message },
}

/** Longer than two questions to a model with all their attempts take. */
export const planGoal = { name: 'orchestration.plan-goal', timeoutMs: 500_000, ...json } as Callable<
  { goal: Goal },
  PlanMade
>

/** Ids of this definition, which no plan may use for its own tasks. */
export const reservedIds: ReadonlySet<string> = new Set(['plan', 'carry-out', 'carry-out-approval', 'rejected'])

export function definePlannedGoal(catalogue: Catalogue): Definition {
  return defineWorkflow<PlannedGoalInput>('planned-goal', 1, plainLifecycle, (flow, { goal, approvalMs }) => {
    const plan = flow.task('plan', planGoal, {
      input: { goal },
      // A goal that nobody can plan stays so; a model that is away was given its time already.
      retry: { attempts: 2, backoffMs: [5_000] },
    })
    const { approval, result } = flow.generatedOnApproval<Record<string, unknown>>('carry-out', {
      graph: plan.graph,
      allow: catalogue.map(({ capability }) => ({ name: capability })),
      approval: { reason: plan.summary, approvers: 'approver', timeoutMs: approvalMs, onTimeout: 'reject' },
    })
    flow.end('rejected', 'rejected', { when: not(approval.approved) })
    return { plan: { summary: plan.summary, madeBy: plan.madeBy, notes: plan.notes }, result }
  })
}

export const plannedGoal = definePlannedGoal(vehicleCatalogue)
