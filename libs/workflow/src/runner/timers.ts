/**
 * Owns: when each workflow has to be looked at next.
 *
 * Invariants
 *  T1 A workflow is woken no later than the earliest time that was asked for it; perhaps earlier, since whoever is woken
 *     looks at the state for what is due.
 *  T2 One time is kept for each workflow. Entries of the heap that no longer say that time are passed over, and are cleared
 *     away when they are more than half, so memory follows the workflows and not the tasks that they ran.
 *  T3 One turn wakes a bounded number: what falls due at once does not keep the process from answering.
 */
import type { Clock } from './ports.ts'

/** Woken in one turn. */
const turn = 1_000
const clearAbove = 4_096

export class Timers {
  readonly #clock: Clock
  readonly #wake: (id: string) => void
  readonly #armed = new Map<string, number>()
  #due = new Float64Array(64)
  #ids: string[] = []
  #next: { due: number; cancel: () => void } | undefined

  constructor(clock: Clock, wake: (id: string) => void) {
    this.#clock = clock
    this.#wake = wake
  }

  /** Workflows with a time, and entries held for them. */
  get size(): { armed: number; held: number } {
    return { armed: this.#armed.size, held: this.#ids.length }
  }

  /** Wakes the workflow by `due`. */
  by(id: string, due: number): void {
    const armed = this.#armed.get(id)
    if (armed !== undefined && armed <= due) return
    this.#push(id, due)
    this.#armed.set(id, due)
    this.#arm()
  }

  /** Wakes the workflow at `due` and not before; null: not at all. */
  exactly(id: string, due: number | null): void {
    if (due === null) this.forget(id)
    else if (this.#armed.get(id) !== due) {
      this.#armed.delete(id)
      this.by(id, due)
    }
  }

  forget(id: string): void {
    if (this.#armed.delete(id)) this.#clear()
  }

  stop(): void {
    this.#next?.cancel()
    this.#next = undefined
    this.#armed.clear()
    this.#ids = []
  }

  #arm(): void {
    if (this.#ids.length === 0) return
    const due = this.#due[0] as number
    if (this.#next && this.#next.due <= due) return
    this.#next?.cancel()
    this.#next = { due, cancel: this.#clock.wakeAt(due, () => this.#turn()) }
  }

  #turn(): void {
    this.#next = undefined
    const now = this.#clock.now()
    for (let woken = 0; woken < turn && this.#ids.length > 0 && (this.#due[0] as number) <= now;) {
      const due = this.#due[0] as number
      const id = this.#pop()
      if (this.#armed.get(id) !== due) continue
      this.#armed.delete(id)
      woken++
      this.#wake(id)
    }
    this.#arm()
  }

  #push(id: string, due: number): void {
    if (this.#ids.length === this.#due.length) this.#clear()
    if (this.#ids.length === this.#due.length) {
      const grown = new Float64Array(2 * this.#due.length)
      grown.set(this.#due)
      this.#due = grown
    }
    this.#ids.push(id)
    this.#due[this.#ids.length - 1] = due
    this.#rise(this.#ids.length - 1)
  }

  #pop(): string {
    const first = this.#ids[0] as string
    const last = this.#ids.length - 1
    this.#swap(0, last)
    this.#ids.pop()
    this.#sink(0)
    return first
  }

  /** T2 */
  #clear(): void {
    if (this.#ids.length < clearAbove || this.#ids.length < 2 * this.#armed.size) return
    const ids = [...this.#armed.keys()]
    this.#due = Float64Array.from({ length: Math.max(64, 2 * ids.length) }, (_, i) =>
      i < ids.length ? (this.#armed.get(ids[i] as string) as number) : 0,
    )
    this.#ids = ids
    for (let i = (ids.length >> 1) - 1; i >= 0; i--) this.#sink(i)
  }

  #rise(from: number): void {
    for (let i = from; i > 0;) {
      const parent = (i - 1) >> 1
      if ((this.#due[parent] as number) <= (this.#due[i] as number)) return
      this.#swap(i, parent)
      i = parent
    }
  }

  #sink(from: number): void {
    const { length } = this.#ids
    for (let i = from; ;) {
      const left = 2 * i + 1
      if (left >= length) return
      const right = left + 1
      const least = right < length && (this.#due[right] as number) < (this.#due[left] as number) ? right : left
      if ((this.#due[i] as number) <= (this.#due[least] as number)) return
      this.#swap(i, least)
      i = least
    }
  }

  #swap(i: number, j: number): void {
    const due = this.#due[i] as number
    const id = this.#ids[i] as string
    this.#due[i] = this.#due[j] as number
    this.#ids[i] = this.#ids[j] as string
    this.#due[j] = due
    this.#ids[j] = id
  }
}
