import type { Database } from '@pitcrew/database'
import { Terminal, toFailure } from '@pitcrew/errors'
import type { View, WorkflowState } from '@pitcrew/workflow'
import type { WorkflowClient } from '@pitcrew/workflow-jetstream'
import type { Evaluations } from '../adapters/evaluations.ts'
import type { Followers } from '../adapters/followers.ts'
import type { WorkflowStore } from '../adapters/workflow-store.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import type { Found } from '../domain/workflow-message.ts'
import type { Template } from '../templates/index.ts'

export interface WorkflowRpcParts {
  database: Database
  store: WorkflowStore
  workflows: WorkflowClient
  catalogue: Catalogue
  templates: readonly Template[]
  followers: Followers
  evaluations: Evaluations
  /** Workflows that may run at a time; 0 for no limit. */
  maxActive: number
}

export const whoever = (subject: string): string => subject || 'operator'

export function unknown(workflowId: string, cause?: unknown): Terminal {
  return new Terminal('NOT_FOUND', `there is no workflow "${workflowId}"`, {
    cause,
    hint: 'search the workflows to see which there are; old ones may be in the archive, or forgotten',
  })
}

export async function mustFind({ store }: Pick<WorkflowRpcParts, 'store'>, workflowId: string): Promise<Found> {
  const found = await store.get(workflowId)
  if (found) return found
  throw unknown(workflowId)
}

const notOpen: ReadonlySet<string> = new Set(['UNKNOWN_WORKFLOW', 'GONE', 'NOT_FOUND'])

/** The engine knows open workflows only; the views know whether there ever was one. */
export async function ofOpen<T>(
  { store }: Pick<WorkflowRpcParts, 'store'>,
  workflowId: string,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    const failure = toFailure(error)
    if (!notOpen.has(failure.code)) throw failure
    const found = await store.get(workflowId)
    if (!found && failure.code !== 'GONE') throw unknown(workflowId, error)
    throw new Terminal('ILLEGAL_TRANSITION', `workflow ${workflowId} has ended`, {
      cause: error,
      hint: 'show the workflow to see how it ended',
    })
  }
}

export interface Live {
  state: WorkflowState
  view: View
}

/** Undefined when it is not open. */
export async function liveOf(workflows: WorkflowClient, id: string): Promise<Live | undefined> {
  try {
    return await workflows.get(id)
  } catch (error) {
    if (toFailure(error).code === 'NOT_FOUND') return undefined
    throw error
  }
}
