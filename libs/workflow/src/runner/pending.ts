import type { Program } from '../core/compile.ts'
import type { TaskNode } from '../definition/definition.ts'
import type { Command } from '../core/event.ts'
import { scopeOf, type WorkflowState } from '../core/state.ts'
import { Step } from '../core/step.ts'
import { dispatchUndo, isUndo } from '../core/undo.ts'

/**
 * What a workflow that was read back has under way: its tasks, handed out again since nobody knows whether they were, and
 * the times at which it is due.
 */
export function pendingCommands(program: Program, state: WorkflowState): Command[] {
  const commands: Command[] = []
  for (const [path, node] of Object.entries(state.nodes)) {
    if (!('due' in node) || node.due === null) continue
    commands.push({ type: 'wake-at', path, due: node.due })
    if (node.is === 'running') commands.push(...redispatch(program, state, path, node))
  }
  return commands
}

function redispatch(
  program: Program,
  state: WorkflowState,
  path: string,
  node: { attempt: number; first: number; due: number },
): Command[] {
  const known = isUndo(path) ? undefined : (program.nodes.get(path.slice(path.lastIndexOf('/') + 1))?.node as TaskNode)
  // Evaluated on a copy, as of the moment of the first dispatch, so that the input comes out the same.
  const step = new Step(program, { ...state, nodes: { ...state.nodes } }, node.due - (known?.overdueMs ?? 0))
  if (known) step.guard(path, () => step.dispatch(path, known, node.attempt, node.first))
  else dispatchUndo(step, path, node.attempt, node.first)
  return step.commands.filter((command) => command.type === 'run-task' && command.path.startsWith(scopeOf(path)))
}
