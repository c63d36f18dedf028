/**
 * Running parts of a workflow anew: from the point of failure when a person asks for it (M4), and from a checkpoint (F3).
 * What was done and still stands is kept; paths that run again go on counting their attempts.
 */
import { forgetAll, isOpen } from './scopes.ts'
import { holderOf, scopeOf, scopesFrom, undoOf } from './path.ts'
import { rearm } from './pause.ts'
import { attemptOf, type Undo, type WorkflowState } from './state.ts'
import type { Step } from './step.ts'
import type { WorkflowEvent } from './event.ts'
import { giveUp, undoNext } from './undo.ts'

const resetsRemembered = 16

/**
 * Opens a failed workflow again: the failed node, what was given up with it, and whatever was undone (with all that came
 * after it) run anew.
 */
export function retryFromFailure(step: Step): void {
  const { state } = step
  const again = (state.undoing?.undone ?? []).map((path) => outermost(step, path))
  reopen(step)
  for (const path of again) runAnew(step, path)
  state.phase = step.program.definition.lifecycle.retry
  step.sweep()
}

/** The paths of the checkpoints that it can be set back to. */
export function checkpoints(state: WorkflowState): string[] {
  return Object.keys(state.nodes).filter((path) => {
    const held = state.nodes[path]
    return held?.is === 'ended' && held.checkpoint !== undefined
  })
}

/**
 * Sets it back to a checkpoint: what was done after that is given up and undone, newest first, before it runs anew. What runs
 * beside it stays. A workflow that failed has undone everything, so what came before is done anew as well.
 */
export function resetTo(step: Step, { to, reason, by, at }: WorkflowEvent & { type: 'reset' }): void {
  const { state } = step
  const held = state.nodes[to]
  const phase = held?.is === 'ended' ? held.checkpoint : undefined
  const before = (state.undoing?.undone ?? []).map((path) => outermost(step, path))
  const again = [...step.node(to).successors.map(({ id }) => scopeOf(to) + id), ...before]
  const { retry } = step.program.definition.lifecycle
  state.resets = [...(state.resets ?? []).slice(1 - resetsRemembered), { to, reason, by, at }]
  const status = state.status === 'paused' ? 'paused' : 'running'
  if (state.status === 'failed') reopen(step)
  const within = among(reached(step, again))
  giveUp(step, `set back to ${to}`, within)
  const kept: Undo[] = []
  const undone: Undo[] = []
  for (const entry of state.undo) (within(entry.path) ? undone : kept).push(entry)
  state.undo = [...kept, ...undone]
  state.status = 'running'
  const reset = { again, keep: kept.length, phase: before.length > 0 ? retry : (phase ?? retry) }
  state.undoing = { status, outcome: '', undone: [], reset }
  undoNext(step)
}

/** What came after the checkpoint is undone: it runs anew. */
export function finishReset(step: Step): void {
  const { state } = step
  const { undoing } = state
  if (!undoing?.reset || (undoing.status !== 'running' && undoing.status !== 'paused')) return
  for (const path of undoing.reset.again) runAnew(step, path)
  delete state.undoing
  delete state.phaseBefore
  state.phase = undoing.reset.phase
  state.status = undoing.status
  goOn(step)
}

/** Everything that stood still, for a pause or a reset, moves again if it may. */
export function goOn(step: Step): void {
  if (!step.moving) return
  step.takeFailures()
  if (!step.moving) return
  step.sweep()
  rearm(step)
}

function reopen({ state }: Step): void {
  for (const path in state.nodes) {
    const node = state.nodes[path]
    if (node?.is === 'failed') state.nodes[path] = { is: 'abandoned', attempt: node.attempt }
  }
  delete state.undoing
  delete state.failure
  delete state.outcome
  delete state.endedAt
  delete state.untold
  delete state.phaseBefore
  state.status = 'running'
}

/** The node to run anew so that `path` runs: itself, or the outermost one around it whose scope has closed since. */
function outermost(step: Step, path: string): string {
  let chosen = path
  for (const scope of scopesFrom(scopeOf(path))) {
    const holder = holderOf(scope)
    const held = step.state.nodes[holder]
    if (held?.is === 'ended' || (held?.is === 'open' && !isOpen(step, scope))) chosen = holder
  }
  return chosen
}

/** The paths and all that come after them in their scopes. */
function reached(step: Step, paths: string[]): Set<string> {
  const found = new Set<string>()
  const visit = (path: string): void => {
    if (found.has(path) || !step.knows(path)) return
    found.add(path)
    for (const next of step.node(path).successors) visit(scopeOf(path) + next.id)
  }
  paths.forEach(visit)
  return found
}

/** Whether a path is one of these or lies inside of one. */
const among = (paths: Set<string>) => (path: string) => {
  if (paths.has(path)) return true
  for (const scope of scopesFrom(scopeOf(path))) if (paths.has(holderOf(scope))) return true
  return false
}

function runAnew(step: Step, from: string): void {
  const { nodes, values } = step.state
  for (const path of reached(step, [from])) {
    const held = nodes[path]
    if (held === undefined) continue
    forgetAll(step, `${path}[`)
    // What was undone in there cannot be undone again: the next run has another number.
    forgetAll(step, undoOf(`${path}[`))
    nodes[path] = { is: 'abandoned', attempt: attemptOf(held) }
    delete values[path]
  }
}
