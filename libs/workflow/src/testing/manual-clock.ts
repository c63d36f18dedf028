import type { Clock } from '../runner/ports.ts'

/** A clock that stands still until it is moved; waits of days pass in no time. */
export class ManualClock implements Clock {
  #now: number
  #wakes: { at: number; wake: () => void }[] = []

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  wakeAt(at: number, wake: () => void): () => void {
    const entry = { at, wake }
    this.#wakes.push(entry)
    return () => {
      this.#wakes = this.#wakes.filter((one) => one !== entry)
    }
  }

  /** When something is due next. */
  get next(): number | undefined {
    return this.#wakes.length === 0 ? undefined : Math.min(...this.#wakes.map(({ at }) => at))
  }

  /** Moves to `at`, calling what falls due on the way in order. */
  moveTo(at: number): void {
    for (;;) {
      const due = this.#wakes.filter((one) => one.at <= at).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      this.#wakes = this.#wakes.filter((one) => one !== due)
      this.#now = Math.max(this.#now, due.at)
      due.wake()
    }
    this.#now = Math.max(this.#now, at)
  }

  advance(ms: number): void {
    this.moveTo(this.#now + ms)
  }
}
