/**
 * Owns: which queue is asked when a worker has room for a job.
 * 1. Never more jobs are in hand than there are places, nor of a kind than it may have; one beyond that is given back at once.
 * 2. A place that frees is offered to one queue only, chosen by priority with fairness (see stride-order.ts), the kinds of a
 *    priority in turn.
 * 3. A queue found empty is waited on, and counts as empty until it answers: idle workers get a job within a round trip.
 *    A queue has one request at a time: the broker's answers to several come in any order, and do not say which they are to.
 * 4. Of a kind with a rate one job at a time waits for its turn, so that the others keep their places.
 * 5. While paused nothing is asked for.
 */
import { priorityWeights, strideOrder, type TaskPriority, type Work } from '@pitcrew/messaging'

export interface AskableQueue {
  /** For up to so many; without `waitMs` answered at once. */
  readonly ask: (count: number, waitMs?: number) => void
}

export interface QueueEvents {
  readonly onWork: (work: Work) => void
  /** A request ended with this many short. */
  readonly onEmpty: (missing: number) => void
}

export interface KindRules {
  /** At once in this worker. */
  concurrency: number
  rated: boolean
}

export interface Gate {
  /** The job begins. */
  admitted(): void
  /** Its kind has to wait; the job is given back. */
  notBefore(atMs: number): void
}

/** Never rejects. */
export type Run = (work: Work, gate: Gate) => Promise<void>

interface Kind extends KindRules {
  inHand: number
  /** Asked for, to be answered at once, and not answered; also of each queue, and of all. */
  asked: number
  /** Taken, and not admitted yet. */
  atGate: number
  closedUntilMs: number
}

interface Entry {
  kind: Kind
  priority: TaskPriority
  queue: AskableQueue
  asked: number
  /** A request that waits for a job to come. */
  polling: boolean
  empty: boolean
}

const pollMs = 15_000
/** Lest a long pause hides that a rate was raised. */
const longestClosedMs = 30_000

export class Turns {
  readonly #places: number
  readonly #run: Run
  readonly #order = strideOrder(priorityWeights)
  readonly #kinds = new Map<string, Kind>()
  readonly #running = new Set<Promise<void>>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #entries: Entry[] = []
  #asked = 0
  #paused = true

  constructor(places: number, run: Run) {
    this.#places = places
    this.#run = run
  }

  get running(): number {
    return this.#running.size
  }

  addKind(name: string, rules: KindRules): void {
    this.#kinds.set(name, { ...rules, inHand: 0, asked: 0, atGate: 0, closedUntilMs: 0 })
  }

  /** `connect` is given what to call when the queue answers. */
  async addQueue(
    kindName: string,
    priority: TaskPriority,
    connect: (events: QueueEvents) => Promise<AskableQueue>,
  ): Promise<void> {
    const kind = this.#kinds.get(kindName)!
    const unasked = { ask: () => undefined }
    const entry: Entry = { kind, priority, queue: unasked, asked: 0, polling: false, empty: false }
    entry.queue = await connect({
      onWork: (work) => this.#onWork(entry, work),
      onEmpty: (missing) => this.#onEmpty(entry, missing),
    })
    this.#entries.push(entry)
  }

  resume(): void {
    this.#paused = false
    for (const entry of this.#entries) entry.empty = false
    this.#offer()
  }

  pause(): void {
    this.#paused = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  #offer(): void {
    const asks = new Map<Entry, number>()
    while (!this.#paused && this.#running.size + this.#asked < this.#places) {
      const open = this.#entries.filter((entry) => (isFree(entry) || asks.has(entry)) && this.#mayAsk(entry.kind))
      const priority = this.#order.next(new Set(open.map((each) => each.priority)))
      const entry = open.find((each) => each.priority === priority)
      if (entry === undefined) break
      this.#entries = [...this.#entries.filter((each) => each !== entry), entry]
      this.#count(entry, 1)
      asks.set(entry, (asks.get(entry) ?? 0) + 1)
    }
    for (const [entry, count] of asks) entry.queue.ask(count)
  }

  #count(entry: Entry, change: 1 | -1): void {
    entry.asked += change
    entry.kind.asked += change
    this.#asked += change
  }

  #mayAsk({ inHand, asked, concurrency, rated, atGate, closedUntilMs }: Kind): boolean {
    if (inHand + asked >= concurrency) return false
    return !rated || (atGate + asked === 0 && Date.now() >= closedUntilMs)
  }

  /** There is one request at a time, so what comes belongs to it. */
  #answered(entry: Entry): void {
    if (entry.asked > 0) this.#count(entry, -1)
    else entry.polling = false
  }

  #onWork(entry: Entry, work: Work): void {
    const { kind } = entry
    this.#answered(entry)
    entry.empty = false
    const room = !this.#paused && this.#running.size < this.#places && kind.inHand < kind.concurrency
    const gateFree = !kind.rated || (kind.atGate === 0 && Date.now() >= kind.closedUntilMs)
    if (!room || !gateFree) {
      work.giveBack()
      return this.#offer()
    }
    kind.inHand++
    kind.atGate++
    const leaveGate = once(() => void kind.atGate--)
    const gate = {
      admitted: () => {
        leaveGate()
        if (kind.rated) this.#offer()
      },
      notBefore: (atMs: number) => this.#close(kind, atMs),
    }
    const run = this.#run(work, gate).finally(() => {
      leaveGate()
      kind.inHand--
      this.#running.delete(run)
      this.#offer()
    })
    this.#running.add(run)
    this.#offer()
  }

  #close(kind: Kind, atMs: number): void {
    const waitMs = Math.min(longestClosedMs, Math.max(1, atMs - Date.now()))
    kind.closedUntilMs = Date.now() + waitMs
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      kind.closedUntilMs = 0
      this.#offer()
    }, waitMs)
    this.#timers.add(timer)
  }

  #onEmpty(entry: Entry, missing: number): void {
    for (let each = 0; each < missing; each++) this.#answered(entry)
    entry.empty = true
    if (!this.#paused && entry.asked === 0 && !entry.polling) {
      entry.polling = true
      entry.queue.ask(1, pollMs)
    }
    this.#offer()
  }
}

const isFree = ({ empty, asked, polling }: Entry): boolean => !empty && asked === 0 && !polling

function once(fn: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    fn()
  }
}
