/**
 * Owns: the workflows of one partition in memory.
 *
 * Most of them wait for days. One that nothing happened to for a while is parked: kept as the JSON that a snapshot holds, a
 * fraction of what the same state takes as objects, and read back when it is asked for.
 *
 * Invariants
 *  R1 A workflow is live or parked, never both.
 *  R2 While a snapshot is taken, whoever is about to change a workflow says so first (`touch`), and the snapshot gets it as
 *     it was when the snapshot began, once.
 */
import type { WorkflowState } from '../core/state.ts'

interface Live {
  state: WorkflowState
  /** Asked for since the hand last passed by: it stays (the second chance of a clock replacement). */
  lately: boolean
}

/** Looked at for each workflow that becomes live; more than one, so that the hand gets ahead. */
const looks = 4

export class Workflows {
  readonly #mostLive: number
  #parking: (state: WorkflowState) => void = () => undefined
  readonly #live = new Map<string, Live>()
  readonly #parked = new Map<string, string>()
  #hand: MapIterator<[string, Live]> | undefined
  /** Of the snapshot under way: what it has, and where to put what it needs first. */
  #capture: { has: Set<string>; put: (text: string) => void } | undefined

  constructor(mostLive: number) {
    this.#mostLive = mostLive
  }

  /** Tells what is being parked: the earliest time at which it is due can be read off then. */
  onPark(parking: (state: WorkflowState) => void): void {
    this.#parking = parking
  }

  get size(): number {
    return this.#live.size + this.#parked.size
  }

  get live(): number {
    return this.#live.size
  }

  get(id: string): WorkflowState | undefined {
    const live = this.#live.get(id)
    if (live) {
      live.lately = true
      return live.state
    }
    const text = this.#parked.get(id)
    if (text === undefined) return undefined
    const state = JSON.parse(text) as WorkflowState
    this.#capturing(id, text)
    this.#parked.delete(id)
    this.#enliven(id, state)
    return state
  }

  add(state: WorkflowState): void {
    this.#capture?.has.add(state.id)
    this.#enliven(state.id, state)
  }

  /** For recovery: straight to where it costs least. */
  addParked(id: string, text: string): void {
    this.#parked.set(id, text)
  }

  delete(id: string): void {
    this.#live.delete(id)
    this.#parked.delete(id)
  }

  /** R2: the workflow, which is live, is about to change. */
  touch(state: WorkflowState): void {
    if (this.#capture && !this.#capture.has.has(state.id)) this.#capturing(state.id, JSON.stringify(state))
  }

  /** Everything as it is at the time of the first call, in slices, while life goes on between them. */
  *capture(slice: number): Generator<string[]> {
    let out: string[] = []
    const has = new Set<string>()
    this.#capture = { has, put: (text) => out.push(text) }
    try {
      for (const [id, text] of this.#parked) {
        if (!has.has(id)) {
          has.add(id)
          out.push(text)
        }
        if (out.length >= slice) yield take()
      }
      for (const [id, { state }] of this.#live) {
        if (!has.has(id)) {
          has.add(id)
          out.push(JSON.stringify(state))
        }
        if (out.length >= slice) yield take()
      }
      if (out.length > 0) yield take()
    } finally {
      this.#capture = undefined
    }
    function take(): string[] {
      const taken = out
      out = []
      return taken
    }
  }

  *ids(): Generator<string> {
    yield* this.#live.keys()
    yield* this.#parked.keys()
  }

  #enliven(id: string, state: WorkflowState): void {
    this.#live.set(id, { state, lately: true })
    if (this.#live.size > this.#mostLive) this.#makeRoom()
  }

  #makeRoom(): void {
    for (let look = 0; look < looks; look++) {
      this.#hand ??= this.#live.entries()
      const { done, value } = this.#hand.next()
      if (done) this.#hand = undefined
      else if (value[1].lately) value[1].lately = false
      else this.#park(value[0], value[1].state)
    }
  }

  #park(id: string, state: WorkflowState): void {
    const text = JSON.stringify(state)
    this.#capturing(id, text)
    this.#parking(state)
    this.#live.delete(id)
    this.#parked.set(id, text)
  }

  #capturing(id: string, text: string): void {
    if (!this.#capture || this.#capture.has.has(id)) return
    this.#capture.has.add(id)
    this.#capture.put(text)
  }
}
