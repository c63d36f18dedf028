import type { WorkflowState } from '../core/state.ts'

/** Of the times behind `after` at which a node of the workflow is due, the first; Unix milliseconds. */
export function earliestDue(state: WorkflowState, after = -Infinity): number | null {
  let earliest: number | null = null
  for (const path in state.nodes) {
    const node = state.nodes[path]
    if (!node || !('due' in node) || node.due === null || node.due <= after) continue
    if (earliest === null || node.due < earliest) earliest = node.due
  }
  return earliest
}
