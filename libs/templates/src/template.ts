/** F9: a workflow that people start by name, together with the agents that do its steps. */
import type { Definition, Json, LocalAgent } from '@pitcrew/workflow'
import type { z } from 'zod'

/** What an agent is told about its task besides the input. */
export interface TemplateTask {
  workflowId: string
  /** Where in the workflow. */
  path: string
  attempt: number
  /** Aborts when nobody waits for the result any more. */
  signal?: AbortSignal
}

/** Does a step; may be asked for the same one twice and then gives the same. */
export type TemplateAgent = (input: Json, task: TemplateTask) => Json | Promise<Json>

export interface AgentTemplate {
  /** What it is started by. */
  name: string
  title: string
  description: string
  inputSchema: z.ZodType
  definition: Definition
  /** By capability. */
  agents: Readonly<Record<string, TemplateAgent>>
}

/** For a process that does these steps itself. @throws nothing; of two with one capability the later one counts */
export const agentsOf = (templates: readonly AgentTemplate[]): Record<string, LocalAgent> =>
  Object.assign({}, ...templates.map(({ agents }) => agents)) as Record<string, LocalAgent>

/** A typed function as an agent: the workflow's definition has checked the types where it was built. */
export const agent =
  <I, O>(act: (input: I, task: TemplateTask) => O | Promise<O>): TemplateAgent =>
  (input, task) =>
    act(input as I, task) as Json | Promise<Json>
