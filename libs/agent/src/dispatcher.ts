/**
 * Owns: which task queue is asked when there is room for a task.
 * 1. Nothing is taken while as many tasks are in hand as there are slots (a message may bring several); what comes beyond that
 *    is given back at once, for another instance.
 * 2. A slot that frees is offered to one queue only, chosen by priority with ageing among those that may hold work.
 * 3. A queue found empty is waited on, and counts as empty until it answers: idle agents get a task within a round trip.
 * 4. While paused nothing is asked for.
 */
import type { TaskPriority, Work } from '@pitcrew/messaging'
import { createPriorityOrder } from './priority-order.ts'

export interface AskableQueue {
  ask(waitMs?: number): void
}

type State =
  /** May hold work. */
  | 'unknown'
  /** Asked for what it has; a slot is kept for the answer. */
  | 'asked'
  /** Was empty; asked to tell when it no longer is. */
  | 'waiting'

interface Entry {
  priority: TaskPriority
  queue: AskableQueue
  state: State
}

/** How long to wait on an empty queue before asking again. */
const waitMs = 15_000

export class Dispatcher {
  readonly #slots: number
  readonly #run: (work: Work) => Promise<void>
  readonly #load: () => number
  readonly #order = createPriorityOrder()
  #entries: Entry[] = []
  #running = new Set<Promise<void>>()
  #paused = true

  /** @param load tasks in hand; by default one for each piece of work */
  constructor(slots: number, run: (work: Work) => Promise<void>, load?: () => number) {
    this.#slots = slots
    this.#run = run
    this.#load = load ?? (() => this.#running.size)
  }

  get running(): number {
    return this.#load()
  }

  /** `connect` is given what to call when the queue answers. */
  async add(
    priority: TaskPriority,
    connect: (events: { onWork(work: Work): void; onEmpty(): void }) => Promise<AskableQueue>,
  ): Promise<void> {
    const events = { onWork: (work: Work) => this.#onWork(entry, work), onEmpty: () => this.#onEmpty(entry) }
    const entry: Entry = { priority, queue: { ask: () => undefined }, state: 'unknown' }
    entry.queue = await connect(events)
    this.#entries.push(entry)
  }

  resume(): void {
    this.#paused = false
    this.#offer()
  }

  pause(): void {
    this.#paused = true
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  #offer(): void {
    while (!this.#paused && this.#free > 0) {
      const unknown = this.#entries.filter(({ state }) => state === 'unknown')
      const priority = this.#order.next(new Set(unknown.map((each) => each.priority)))
      const entry = unknown.find((each) => each.priority === priority)
      if (entry === undefined) return
      // To the end, so that the capabilities of one priority take turns.
      this.#entries = [...this.#entries.filter((each) => each !== entry), entry]
      entry.state = 'asked'
      entry.queue.ask()
    }
  }

  get #free(): number {
    return this.#slots - this.#load() - this.#entries.filter(({ state }) => state === 'asked').length
  }

  #onWork(entry: Entry, work: Work): void {
    entry.state = 'unknown'
    if (this.#paused || this.#load() >= this.#slots) return work.giveBack()
    const run = this.#run(work).finally(() => {
      this.#running.delete(run)
      this.#offer()
    })
    this.#running.add(run)
    this.#offer()
  }

  #onEmpty(entry: Entry): void {
    if (this.#paused || this.#free < 0 || this.#load() >= this.#slots) {
      entry.state = 'unknown'
      return
    }
    entry.state = 'waiting'
    entry.queue.ask(waitMs)
    this.#offer()
  }
}
