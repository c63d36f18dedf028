/** The decisions of people that a workflow waits for. */
import type { Program } from '../core/compile.ts'
import { Surroundings } from '../core/environment.ts'
import { nodeId, scopeOf, type WorkflowState } from '../core/state.ts'
import { evaluate } from '../definition/expression.ts'

export interface PendingApproval {
  path: string
  /** What there is to approve, in words. */
  reason: string
  /** The role that may decide. */
  approvers: string
  /** When it is decided without anybody, Unix ms; null for never. */
  due: number | null
}

/** @param paths of nodes that wait for a decision */
export function approvalsAt(state: WorkflowState, program: Program, paths: readonly string[]): PendingApproval[] {
  const around = new Surroundings(state, 0)
  return paths.map((path) => {
    const held = state.nodes[path]
    const due = held?.is === 'waiting' ? held.due : null
    const node = program.nodes.get(nodeId(path))?.node
    // One that was made at run time is not in the program: its path has to do.
    if (node?.kind !== 'approval') return { path, reason: path, approvers: '', due }
    around.scope = scopeOf(path)
    const reason = evaluate(node.reason, around)
    return {
      path,
      reason: typeof reason === 'string' ? reason : JSON.stringify(reason),
      approvers: node.approvers,
      due,
    }
  })
}
