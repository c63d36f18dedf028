/**
 * Owns: how many workflows are worked on at once (M7), and which of those that wait is next (C2).
 *
 * Invariants
 *  A1 A workflow counts as active while something of it is under way: a task at an agent, an attempt to come, an undo. One that
 *     waits for a person or a date does not count, and goes on when its time has come even if the limit is reached.
 *  A2 Only starts are held back, and never those of children, whose parents wait for them.
 *  A3 What waits follows from the states, so whoever leads next holds back the same ones.
 *  A4 Every admission carries the decision that led to it into the log.
 */
import { chooseAdmission, type PendingWorkflow } from '../decision/index.ts'
import type { WorkflowState } from '../core/state.ts'
import type { Json } from '../definition/json.ts'
import type { Clock } from './ports.ts'

export interface AdmissionsOptions {
  clock: Clock
  /** Not limited unless set. */
  maxActive?: number
}

type Admit = (id: string, factors: Json) => void

interface Held extends PendingWorkflow {
  admit: Admit
}

/** Looked at of each priority: the longest waiting, and within a priority nothing else decides. */
const heads = 2
const levels = [1, 2, 3, 4]

/** Shared by the partitions of one process. */
export class Admissions {
  readonly #clock: Clock
  readonly #most: number
  readonly #active = new Set<string>()
  readonly #pending = new Map<number, Map<string, Held>>(levels.map((level) => [level, new Map()]))
  #admitted = 0

  constructor({ clock, maxActive = Infinity }: AdmissionsOptions) {
    this.#clock = clock
    this.#most = maxActive
  }

  get limited(): boolean {
    return this.#most < Infinity
  }

  /** Whether a workflow that starts now has to wait. */
  get full(): boolean {
    return this.#active.size >= this.#most
  }

  get pending(): number {
    let sum = 0
    for (const held of this.#pending.values()) sum += held.size
    return sum
  }

  /** A workflow starts: it counts before its first frame is durable, so that a burst of starts does not slip by. */
  begin(id: string): void {
    if (this.limited) this.#active.add(id)
  }

  /** The workflow has changed, durably. */
  note(state: WorkflowState, admit: Admit): void {
    const { id } = state
    if (state.status === 'pending' && state.parent === undefined) this.#hold(state, admit)
    else if (this.limited || this.pending > 0) {
      this.#release(id)
      if (busy(state)) this.#active.add(id)
      else this.#active.delete(id)
    }
  }

  /** The workflow is not led here any more, or has begun. */
  forget(id: string): void {
    this.#release(id)
    this.#active.delete(id)
  }

  /** Lets in as many as there is room for. */
  fill(): void {
    for (let waiting = this.pending; waiting > 0 && !this.full; waiting--) {
      const candidates = [...this.#candidates()]
      const decision = chooseAdmission(candidates, this.#clock.now(), this.#admitted)
      const next = candidates.find(({ id }) => id === decision.chosen)
      if (!next) return
      this.#admitted++
      this.#release(next.id)
      this.#active.add(next.id)
      next.admit(next.id, decision as unknown as Json)
    }
  }

  *#candidates(): Generator<Held> {
    for (const held of this.#pending.values()) {
      let taken = 0
      for (const one of held.values()) {
        if (taken++ === heads) break
        yield one
      }
    }
  }

  #hold(state: WorkflowState, admit: Admit): void {
    const { id, startedAt } = state
    const asked = state.attributes.priority
    const priority = typeof asked === 'number' ? Math.min(4, Math.max(1, Math.round(asked))) : 3
    if (!this.#pending.get(priority)?.has(id)) this.#release(id)
    this.#pending.get(priority)?.set(id, { id, priority, pendingSince: startedAt, admit })
  }

  #release(id: string): void {
    for (const held of this.#pending.values()) if (held.delete(id)) return
  }
}

function busy(state: WorkflowState): boolean {
  if (state.status !== 'running') return false
  for (const path in state.nodes) {
    const is = state.nodes[path]?.is
    if (is === 'running' || is === 'backoff') return true
  }
  return false
}
