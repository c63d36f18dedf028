/**
 * Since when the nodes of a workflow are at work, from what is active before and after each transition. Loops, branches and
 * other nodes that hold graphs are at work while anything in them is.
 */
import type { WorkflowEvent } from '@pitcrew/workflow'

/** Path to [since when the node is at work, since when its present attempt is], Unix ms. */
export type NodeClock = { [path: string]: [number, number] }

export function tick(before: NodeClock, active: readonly string[], event: WorkflowEvent): NodeClock {
  const after: NodeClock = {}
  for (const path of active) {
    for (const at of lineage(path)) after[at] ??= before[at] ?? [event.at, event.at]
  }
  // A timer that leaves its node active has begun the node's next attempt.
  const woken = event.type === 'timer-fired' ? before[event.path] : undefined
  if (event.type === 'timer-fired' && woken && after[event.path]) after[event.path] = [woken[0], event.at]
  return after
}

/** The holders of the node from the outside in, then the node: of `a[1].left/b[2]/c` these are a, a[1].left/b and itself. */
export function lineage(path: string): string[] {
  if (!path.includes('/')) return [path]
  const found: string[] = []
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    const scope = path.slice(0, slash)
    found.push(scope.slice(0, scope.lastIndexOf('[')))
  }
  found.push(path)
  return found
}

const givesUp: ReadonlySet<string> = new Set(['cancelled', 'terminated', 'reset', 'migrated', 'paused', 'retried'])

/** Nodes that came to their end with this event, and how long each took. What was given up is no measure of anything. */
export function finished(
  before: NodeClock,
  after: NodeClock,
  event: WorkflowEvent,
  failed: boolean,
): [string, number][] {
  if (failed || givesUp.has(event.type)) return []
  const ended: [string, number][] = []
  for (const path in before) {
    if (after[path] || path.startsWith('~')) continue
    ended.push([path, Math.max(0, event.at - (before[path]?.[0] ?? event.at))])
  }
  return ended
}

/** How long the present attempt at the node of this event took, milliseconds. */
export function attemptMs(before: NodeClock, event: WorkflowEvent): number | null {
  if (event.type !== 'task-succeeded' && event.type !== 'task-failed') return null
  const since = before[event.path]?.[1]
  return since === undefined ? null : Math.max(0, event.at - since)
}
