/**
 * Owns: which of the messages that wait is handled next.
 * 1. At most `slots` are handled at once.
 * 2. Of those that wait the most urgent is next, and of those the one that waits longest; but each class below urgent is worth
 *    `ageingMs` of waiting, so whoever has waited three times as long as that goes before anything newer. None starves.
 */
import type { TaskPriority } from '@pitcrew/messaging'

interface Waiting {
  dueMs: number
  order: number
  begin: () => void
}

const ageingMs = 2_000

export class Intake {
  readonly #slots: number
  readonly #nowMs: () => number
  #waiting: Waiting[] = []
  #running = 0
  #count = 0

  constructor(slots: number, nowMs: () => number = () => performance.now()) {
    this.#slots = slots
    this.#nowMs = nowMs
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Runs `handle` when its turn has come. */
  run<T>(priority: TaskPriority, handle: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push({ dueMs: this.#nowMs() + (priority - 1) * ageingMs, order: this.#count++, begin: resolve })
    this.#next()
    return promise.then(handle).finally(() => {
      this.#running--
      this.#next()
    })
  }

  #next(): void {
    while (this.#running < this.#slots && this.#waiting.length > 0) {
      const first = this.#waiting.reduce((a, b) =>
        b.dueMs < a.dueMs || (b.dueMs === a.dueMs && b.order < a.order) ? b : a,
      )
      this.#waiting = this.#waiting.filter((each) => each !== first)
      this.#running++
      first.begin()
    }
  }
}
