import type { Clock } from '../runner/ports.ts'

interface Wake {
  at: number
  wake: () => void
}

/** A clock that stands still until it is moved; waits of days pass in no time. */
export class ManualClock implements Clock {
  #now: number
  readonly #wakes = new Set<Wake>()

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  wakeAt(at: number, wake: () => void): () => void {
    const entry = { at, wake }
    this.#wakes.add(entry)
    return () => this.#wakes.delete(entry)
  }

  /** When something is due next. */
  get next(): number | undefined {
    return this.#first()?.at
  }

  /** Moves to `at`, calling what falls due on the way in order. */
  moveTo(at: number): void {
    for (let due = this.#first(); due && due.at <= at; due = this.#first()) {
      this.#wakes.delete(due)
      this.#now = Math.max(this.#now, due.at)
      due.wake()
    }
    this.#now = Math.max(this.#now, at)
  }

  advance(ms: number): void {
    this.moveTo(this.#now + ms)
  }

  /** The machine's clock is put back, as it happens to real ones. */
  putBack(ms: number): void {
    this.#now -= ms
  }

  #first(): Wake | undefined {
    let first: Wake | undefined
    for (const entry of this.#wakes) if (first === undefined || entry.at < first.at) first = entry
    return first
  }
}
