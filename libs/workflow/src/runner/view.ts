import type { Program } from '../core/compile.ts'
import { approvalsAt } from './approvals.ts'
import type { View } from './frame.ts'
import { open, type WorkflowState } from '../core/state.ts'

/** What people and projections see of a workflow. */
export function viewOf(state: WorkflowState, program: Program): View {
  const active = []
  let asking: string[] | undefined
  let over = 0
  for (const path in state.nodes) {
    const node = state.nodes[path]
    const is = node?.is
    if (is === 'running' || is === 'waiting' || is === 'backoff' || is === 'child') active.push(path)
    if (node?.is === 'waiting' && node.approval) (asking ??= []).push(path)
    if ((is === 'ended' || is === 'skipped') && !path.includes('/')) over++
  }
  const ended = !open(state)
  return {
    definition: state.definition,
    status: state.status,
    phase: state.phase,
    attributes: state.attributes,
    progress: state.status === 'completed' ? 100 : Math.floor((100 * over) / program.definition.graph.nodes.length),
    startedAt: state.startedAt,
    active,
    ...(asking && { approvals: approvalsAt(state, program, asking) }),
    ...(state.outcome !== undefined && { outcome: state.outcome }),
    ...(state.failure !== undefined && { failure: state.failure }),
    ...(state.trace !== undefined && { trace: state.trace }),
    ...(ended && { values: { $input: state.input, ...state.values }, output: state.output ?? null }),
  }
}
