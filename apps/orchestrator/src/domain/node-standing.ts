/** The nodes of an open workflow, for people. */
import type { engine } from '@pitcrew/contracts'
import type { WorkflowState } from '@pitcrew/workflow'
import { failureMessage } from './workflow-message.ts'
import { iso } from './workflow-row.ts'

export function standingsOf({ nodes }: WorkflowState): engine.NodeStanding[] {
  return Object.entries(nodes).map(([path, node]) => {
    const progress = node.is === 'running' ? node.progress : undefined
    return {
      path,
      state: node.is,
      attempt: 'attempt' in node ? (node.attempt ?? 0) : 'index' in node ? node.index : 0,
      due: 'due' in node && node.due !== null ? iso(node.due) : undefined,
      failure: 'failure' in node ? failureMessage(node.failure, path) : undefined,
      percent: progress?.percent,
      note: progress?.note ?? '',
    }
  })
}

/** Paths of the checkpoints to which it can be set back. */
export function checkpointsOf({ nodes }: WorkflowState): string[] {
  return Object.entries(nodes).flatMap(([path, node]) =>
    node.is === 'ended' && node.checkpoint !== undefined ? [path] : [],
  )
}
