import { Terminal } from '@pitcrew/errors'

/**
 * The phases that people see a workflow in, and which may follow which. `retry` is entered from any phase while a failed
 * step waits for its next attempt, and left to the phase it came from.
 */
export interface Lifecycle {
  initial: string
  completed: string
  failed: string
  retry: string
  /** Phases that may follow each phase, beyond itself, `failed` and `retry`. */
  next: Readonly<Record<string, readonly string[]>>
}

/** For workflows whose phases nobody looks at. */
export const plainLifecycle: Lifecycle = {
  initial: 'PENDING',
  completed: 'COMPLETED',
  failed: 'FAILED',
  retry: 'RETRY',
  next: { PENDING: ['RUNNING', 'COMPLETED'], RUNNING: ['COMPLETED'], COMPLETED: [], FAILED: [], RETRY: [] },
}

/** True if `to` may follow `from`. Leaving `retry` is checked against the phase that it was entered from. */
export function mayFollow(lifecycle: Lifecycle, from: string, to: string): boolean {
  if (from === to) return true
  if (from === lifecycle.completed) return false
  if (to === lifecycle.failed || to === lifecycle.retry) return true
  return lifecycle.next[from]?.includes(to) ?? false
}

export function checkTransition(lifecycle: Lifecycle, from: string, to: string): void {
  if (mayFollow(lifecycle, from, to)) return
  const allowed = [...(lifecycle.next[from] ?? []), lifecycle.retry, lifecycle.failed].join(', ')
  throw new Terminal('ILLEGAL_TRANSITION', `phase ${to} cannot follow ${from}; ${from} may be followed by ${allowed}`)
}
