/**
 * Wakes a partition when something is due. A binary heap of times and one timer of the clock for the earliest; an entry is
 * never taken out early, since whoever is woken checks against the state whether it still holds.
 */
import type { Clock } from './ports.ts'

interface Due {
  due: number
  id: string
  path: string
}

export class Timers {
  readonly #clock: Clock
  readonly #fire: (due: Due) => void
  readonly #heap: Due[] = []
  #armed: { due: number; cancel: () => void } | undefined

  constructor(clock: Clock, fire: (due: Due) => void) {
    this.#clock = clock
    this.#fire = fire
  }

  add(id: string, path: string, due: number): void {
    const heap = this.#heap
    let i = heap.push({ id, path, due }) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (this.#at(parent).due <= due) break
      this.#swap(i, parent)
      i = parent
    }
    this.#arm()
  }

  stop(): void {
    this.#armed?.cancel()
    this.#armed = undefined
    this.#heap.length = 0
  }

  #arm(): void {
    const first = this.#heap[0]
    if (!first || (this.#armed && this.#armed.due <= first.due)) return
    this.#armed?.cancel()
    this.#armed = { due: first.due, cancel: this.#clock.wakeAt(first.due, () => this.#wake()) }
  }

  #wake(): void {
    this.#armed = undefined
    const now = this.#clock.now()
    for (let first = this.#heap[0]; first && first.due <= now; first = this.#heap[0]) {
      this.#pop()
      this.#fire(first)
    }
    this.#arm()
  }

  #pop(): void {
    const last = this.#heap.pop()
    if (!last || this.#heap.length === 0) return
    this.#heap[0] = last
    for (let i = 0; ;) {
      const left = 2 * i + 1
      if (left >= this.#heap.length) return
      const right = left + 1
      const least = right < this.#heap.length && this.#at(right).due < this.#at(left).due ? right : left
      if (this.#at(i).due <= this.#at(least).due) return
      this.#swap(i, least)
      i = least
    }
  }

  #at(i: number): Due {
    return this.#heap[i] as Due
  }

  #swap(i: number, j: number): void {
    const held = this.#at(i)
    this.#heap[i] = this.#at(j)
    this.#heap[j] = held
  }
}
