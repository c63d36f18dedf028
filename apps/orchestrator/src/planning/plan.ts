/**
 * F1: a goal, and the plan that is made of it. A planner makes a draft: tasks, what comes before what, and where each input comes
 * from. The draft is checked and only then becomes a graph of the engine. So a planner, whoever it is, decides what is done and in
 * which order, and never how: time limits, retries, priorities and what undoes a task come from the catalogue.
 */
import type { Graph, Json } from '@pitcrew/workflow'
import type { Catalogue } from './catalogue.ts'

export interface Goal {
  /** What sort of goal it is, for the rules; '' leaves it to the words. */
  kind: string
  text: string
  /** Expertise that the plan has to bring in. */
  skills: readonly string[]
  /** What is known. A planner gets the names and kinds of these, never the values. */
  inputs: { readonly [name: string]: Json }
}

/** Where one field of a task's input comes from. */
export interface Binding {
  /** Names joined by points; a number is a place in a list: `findings.0`, `job.skill`. */
  field: string
  source: 'goal' | 'task' | 'literal'
  /** The task, for source `task`. */
  task: string | null
  /** Into the goal's inputs or the task's output, names joined by points; '' for all of the output. */
  path: string
  /** For source `literal`. */
  value: string | number | boolean | null
}

export interface DraftTask {
  id: string
  capability: string
  /** Ids of the tasks that come before. */
  after: string[]
  inputs: Binding[]
  /** What it would be good to know for this task. */
  expertise: string[]
  /** Why the task is there. */
  rationale: string
}

export interface Draft {
  summary: string
  tasks: DraftTask[]
}

export interface Asking {
  signal?: AbortSignal
  /** What was wrong with the answer before, to be mended in this one. */
  correction?: { answer: string; problem: string }
}

/** Makes drafts of goals. What it gives is not trusted. */
export interface Planner {
  readonly name: 'rules' | 'model'
  /** @throws Terminal NO_PLAN, BAD_ANSWER, PLANNER_REFUSED; Retryable PLANNER_UNAVAILABLE; Cancelled */
  plan(goal: Goal, catalogue: Catalogue, asking?: Asking): Promise<unknown>
}

export interface PlannedTask {
  capability: string
  expertise: string[]
  rationale: string
  /** What it changes outside, '' if nothing. */
  effect: string
  after: string[]
  /** The agent that would get it now, null if nobody could; the one that does is chosen when it runs. */
  agent: string | null
  /** How that agent was chosen, or why there is none. */
  because: string
}

/** Checked, and ready to be shown and run. Plain JSON. */
export interface Plan {
  summary: string
  graph: Graph
  /** Expression for what the graph gives: the output of each task by its id. */
  result: Json
  tasks: Record<string, PlannedTask>
  /** Tasks that may run side by side, in order. */
  stages: string[][]
  madeBy: Planner['name']
  /** What people ought to know of how it was made. */
  notes: string[]
}
