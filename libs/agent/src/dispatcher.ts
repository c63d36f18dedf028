/**
 * Owns: which task queue is asked when there is room for a task.
 * 1. Nothing is asked for while as many tasks are in hand as there are slots (a message may bring several). What comes then all
 *    the same, from a queue that was waited on, is given back at once, for another instance.
 * 2. Slots that free are offered to one queue only, chosen by priority with fairness (see stride-order.ts) among those that
 *    may hold work.
 * 3. A queue found empty is waited on, and counts as empty until it answers: idle agents get a task within a round trip.
 * 4. While paused nothing is asked for.
 */
import { priorityWeights, strideOrder, type TaskPriority, type Work, type WorkQueueOptions } from '@pitcrew/messaging'

export interface AskableQueue {
  /** For up to so many; without `waitMs` answered at once. */
  readonly ask: (count: number, waitMs?: number) => void
}

type State =
  /** May hold work. */
  | 'unknown'
  /** Asked for what it has; slots are kept for the answer. */
  | 'asked'
  /** Was empty; asked to tell when it no longer is. */
  | 'waiting'

interface Entry {
  priority: TaskPriority
  queue: AskableQueue
  state: State
  /** Messages that the last request may still bring. */
  outstanding: number
}

/** How long to wait on an empty queue before asking again. */
const waitMs = 15_000
/** Asked for at a time: enough to hide the way to the broker, few enough that a class does not hold all slots by one turn. */
const mostAsked = 8
/** Weight of the newest message in the mean. */
const learning = 0.25

export class Dispatcher {
  readonly #slots: number
  readonly #run: (work: Work) => Promise<void>
  readonly #load: () => number
  readonly #order = strideOrder(priorityWeights)
  #entries: Entry[] = []
  #running = new Set<Promise<void>>()
  /** Tasks that a message brings, as the last ones did. */
  #tasksEach = 1
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
    connect: (events: Pick<WorkQueueOptions, 'onWork' | 'onEmpty'>) => Promise<AskableQueue>,
  ): Promise<void> {
    const events = {
      onWork: (work: Work) => this.#onWork(entry, work),
      onEmpty: (missing: number) => this.#onEmpty(entry, missing),
    }
    const entry: Entry = { priority, queue: { ask: () => undefined }, state: 'unknown', outstanding: 0 }
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
      entry.outstanding = Math.min(mostAsked, Math.max(1, Math.floor(this.#free / this.#tasksEach)))
      entry.queue.ask(entry.outstanding)
    }
  }

  get #free(): number {
    const asked = this.#entries.filter(({ state }) => state === 'asked')
    const expected = asked.reduce((sum, { outstanding }) => sum + outstanding, 0) * this.#tasksEach
    return this.#slots - this.#load() - expected
  }

  #onWork(entry: Entry, work: Work): void {
    const unexpected = entry.state === 'waiting'
    if (--entry.outstanding <= 0) entry.state = 'unknown'
    if (this.#paused || (unexpected && this.#load() >= this.#slots)) return work.giveBack()
    const before = this.#load()
    const run = this.#run(work).finally(() => {
      this.#running.delete(run)
      this.#offer()
    })
    this.#running.add(run)
    this.#tasksEach += (Math.max(1, this.#load() - before) - this.#tasksEach) * learning
    this.#offer()
  }

  #onEmpty(entry: Entry, missing: number): void {
    entry.outstanding -= missing
    if (entry.outstanding > 0) return
    if (this.#paused || this.#free < 0 || this.#load() >= this.#slots) {
      entry.state = 'unknown'
      return
    }
    entry.state = 'waiting'
    entry.outstanding = 1
    entry.queue.ask(1, waitMs)
    this.#offer()
  }
}
