import type { Program } from './compile.ts'
import { cancelCommand, outcomeOf, startCommand } from './child.ts'
import type { Command } from './event.ts'
import { isUndo, scopeOf } from './path.ts'
import type { NodeState, WorkflowState } from './state.ts'
import { Step } from './step.ts'

/**
 * What a workflow that was read back has under way: its tasks and children, handed out again since nobody knows whether they
 * were, what it has to tell, and the times at which it is due.
 */
export function pendingCommands(program: Program, state: WorkflowState): Command[] {
  const commands: Command[] = []
  for (const orphan of state.orphans ?? []) commands.push(cancelCommand(state, orphan, 'the parent gave it up'))
  if (state.untold && state.parent)
    commands.push({ type: 'tell-parent', parent: state.parent, outcome: outcomeOf(state) })
  for (const path in state.nodes) {
    const held = state.nodes[path] as NodeState
    if ('due' in held && held.due !== null) commands.push({ type: 'wake-at', path, due: held.due })
    if (held.is === 'running' || held.is === 'child') commands.push(...again(program, state, path, held))
  }
  return commands
}

type Away = Extract<NodeState, { is: 'running' | 'child' }>

/** Evaluated as of the moment of the first dispatch, so that the input comes out the same. */
function again(program: Program, state: WorkflowState, path: string, held: Away): Command[] {
  const { attempt } = held
  if (held.is === 'running' && isUndo(path)) {
    const { capability, input, timeoutMs } = state.undo.at(-1) as NonNullable<(typeof state.undo)[number]>
    return [{ type: 'run-task', path, attempt, capability, input, priority: 2, timeoutMs }]
  }
  const { node } = new Step(program, state, 0).node(path)
  try {
    if (held.is === 'child')
      return node.kind === 'child' ? [startCommand(new Step(program, state, state.startedAt), path, node, held.id)] : []
    if (node.kind !== 'task') return []
    const step = new Step(program, state, held.due - node.overdueMs)
    const priority = step.evaluate(node.priority, scopeOf(path))
    const input = step.evaluate(node.input, scopeOf(path))
    const { capability, timeoutMs } = node
    return [
      {
        type: 'run-task',
        path,
        attempt,
        capability,
        input,
        priority: typeof priority === 'number' ? priority : 3,
        timeoutMs,
      },
    ]
  } catch {
    // What it reads has changed by an update since. The attempt is overdue in its time, and the next one says what is wrong.
    return []
  }
}
