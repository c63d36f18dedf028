/** A workflow as its leader tells it, in the form of the views. */
import type { Entry, View, WorkflowState } from '@pitcrew/workflow'
import { rowAfter, type NodeOf, type WorkflowRow } from './workflow-row.ts'

/** @param known as the views tell it, behind */
export function liveRow(
  { state, view }: { state: WorkflowState; view: View },
  known: WorkflowRow | undefined,
  nodeOf: NodeOf,
): WorkflowRow {
  const { id, revision, definition, version, input, parent, trace, startedAt } = state
  const at = known ? Date.parse(known.updatedAt) : startedAt
  const started: Entry = {
    id,
    revision,
    event: { type: 'started', at, definition, version, input, ...(parent && { parent }), ...(trace && { trace }) },
    after: view,
  }
  return { ...rowAfter(started, known, nodeOf), trace: known?.trace ?? trace ?? '' }
}
