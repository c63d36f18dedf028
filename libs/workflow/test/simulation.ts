/**
 * A partition in a world where everything goes wrong that can: it is killed between any two moments, the disk is slow, full,
 * or gives no answer, the clock is put back and forward, results and signals come twice, late, in any order and from the wrong
 * attempt, two leaders think they lead, and people do what they like. One seed is one run.
 *
 * Besides what shadow.ts asserts after every event:
 *  W5 What was acknowledged is in the log.
 *  W6 What has ended, and only that, is gone, also after a restart from the snapshot.
 *  W7 When nothing goes wrong any more, everything that was started ends.
 */
import { toFailure } from '@pitcrew/errors'
import { Definitions, Partition, type Clock, type Incoming, type Log, type TaskToRun } from '../src/index.ts'
import { ManualClock, MemoryLog, MemorySnapshots, Random } from '../src/testing/index.ts'
import { nameOf, Shadow } from './shadow.ts'
import { definitions, mapping, outputOf, roots } from './simulated.ts'

const known = new Definitions(definitions)
/** What may be answered to whoever comes at the wrong moment. */
const expected = new Set([
  'NOT_LEADER',
  'STALE_RESULT',
  'UNKNOWN_WORKFLOW',
  'GONE',
  'ILLEGAL_TRANSITION',
  'NO_CHECKPOINT',
  'NOT_AWAITED',
  'MIGRATION_REFUSED',
  'UPDATE_REFUSED',
  'UNKNOWN_UPDATE',
  'UNKNOWN_DEFINITION',
])
const by = 'person'

/** One process that leads, or thinks so. Once it is dead it does nothing any more, not even fail. */
interface Leader {
  alive: boolean
  partition?: Partition
}

export class Simulation {
  readonly #random: Random
  readonly #clock = new ManualClock()
  readonly #log = new MemoryLog()
  readonly #snapshots = new MemorySnapshots()
  readonly #shadow = new Shadow(this.#log, known)
  /** Everything that any leader ever dispatched; the network may deliver any of it at any time, and again. */
  readonly #dispatched: TaskToRun[] = []
  readonly #acknowledged: { id: string; event: Incoming }[] = []
  /** On its way: delivered later, in any order. */
  #late: (() => void)[] = []
  /** One workflow that gets far, or several that get into each other's way. */
  readonly #roots: string[]
  #leader: Leader | undefined
  #deposed: Leader | undefined
  #diskFull = false
  #ids = 0

  constructor(seed: number) {
    this.#random = new Random(seed)
    this.#log.fault = () => {
      if (this.#diskFull) return 'refused'
      return this.#random.chance(0.03) ? (this.#random.chance(0.5) ? 'refused' : 'lost-answer') : 'none'
    }
    this.#roots = this.#random.chance(0.75) ? [this.#any(roots)] : roots
    if (this.#random.chance(0.2)) this.#log.delay = () => turns(this.#random.below(6))
  }

  /** @throws Error naming the invariant that does not hold */
  async run(steps = 30 + this.#random.below(90)): Promise<void> {
    for (let step = 0; step < steps; step++) {
      await this.#step()
      this.#shadow.catchUp()
    }
    await this.#finish()
    this.#shadow.catchUp()
    this.#checkAcknowledged()
  }

  async #step(): Promise<void> {
    const dice = this.#random.next()
    if (dice < 0.07) this.#kill()
    else if (dice < 0.09) this.#depose()
    else if (dice < 0.2) this.#passTime()
    else if (dice < 0.3) this.#start()
    else if (dice < 0.7) this.#report()
    else if (dice < 0.8) this.#signal()
    else if (dice < 0.92) this.#steer()
    else if (dice < 0.98) this.#deliverLate()
    else this.#diskFull = !this.#diskFull
    await turns(this.#random.below(4))
    this.#leader ??= await this.#open()
  }

  #any<T>(items: readonly T[]): T {
    return this.#random.pick(items) as T
  }

  #kill(): void {
    if (this.#leader) this.#leader.alive = false
    this.#leader = undefined
  }

  /** The old leader lives on and does not know that it is none any more. */
  #depose(): void {
    if (this.#deposed) this.#deposed.alive = false
    this.#deposed = this.#leader
    this.#leader = undefined
  }

  #passTime(): void {
    if (this.#random.chance(0.1)) this.#clock.putBack(this.#random.below(100_000))
    else this.#clock.advance(this.#random.below(this.#random.chance(0.05) ? 5_000_000 : 70_000))
  }

  async #open(): Promise<Leader | undefined> {
    const leader: Leader = { alive: true }
    try {
      leader.partition = await Partition.open({
        definitions: known,
        log: mortalLog(this.#log, leader),
        snapshots: this.#snapshots,
        tasks: { dispatch: async (tasks) => void (leader.alive && this.#dispatched.push(...tasks)) },
        clock: mortalClock(this.#clock, leader),
        snapshotEvery: 25,
        mostLive: 2,
        onLost: () => {
          leader.alive = false
          if (this.#leader === leader) this.#leader = undefined
        },
        onTrouble: (failure) => {
          throw new Error(`trouble: ${failure.code} ${failure.message}`)
        },
      })
      return leader.alive ? leader : undefined
    } catch (error) {
      const { kind, code } = toFailure(error)
      // FENCED: the old leader wrote once more while this one read.
      if (kind === 'retryable' || code === 'FENCED') return undefined
      throw error
    }
  }

  /** Sends it now, or later, or both, to whoever leads then, or to whoever thinks so. */
  #send(id: string, event: Incoming): void {
    if (this.#random.chance(0.15)) this.#late.push(() => this.#submit(id, event))
    else this.#submit(id, event)
    if (this.#random.chance(0.05)) this.#late.push(() => this.#submit(id, event))
  }

  #submit(id: string, event: Incoming): void {
    const leader = this.#deposed && this.#random.chance(0.2) ? this.#deposed : this.#leader
    leader?.partition?.submit(id, event).then(
      () => this.#acknowledged.push({ id, event }),
      (error: unknown) => {
        if (!expected.has(toFailure(error).code)) throw error
      },
    )
  }

  #deliverLate(): void {
    const late = this.#late
    this.#late = []
    while (late.length > 0) late.splice(this.#random.below(late.length), 1)[0]?.()
  }

  #start(): void {
    const definition = this.#any(this.#roots)
    const hold = this.#random.chance(0.2)
    this.#send(definition, { type: 'started', definition, version: 1, input: {}, ...(hold && { hold }) })
  }

  #report(): void {
    const lately = this.#random.chance(0.7) ? this.#dispatched.slice(-4) : this.#dispatched
    const task = this.#random.pick(lately)
    if (!task) return
    const { workflowId, path } = task
    const attempt = this.#random.chance(0.05) ? task.attempt - 1 : task.attempt
    if (this.#random.chance(0.05)) return this.#send(workflowId, { type: 'progressed', path, attempt, percent: 50 })
    if (!this.#random.chance(0.2)) return this.#send(workflowId, success(task, attempt))
    const kind = this.#random.chance(0.2) ? 'terminal' : 'retryable'
    const failure = { kind, code: 'DOWN', message: 'down' } as const
    this.#send(workflowId, { type: 'task-failed', path, attempt, failure, agent: 'a' })
  }

  #signal(): void {
    const signal = this.#random.chance(0.7) ? 'yes' : 'no'
    this.#send(this.#someone(), { type: 'signalled', signal, signalId: this.#newId(), payload: null })
  }

  /** A new id, or the last one once more. */
  #newId(): string {
    return `i${this.#random.chance(0.2) ? this.#ids : ++this.#ids}`
  }

  #someone(): string {
    return this.#random.chance(0.6) ? this.#any(this.#roots) : (this.#random.pick(this.#shadow.ids) ?? 'order')
  }

  #steer(): void {
    const id = this.#someone()
    const reason = ''
    const paths = Object.keys(this.#shadow.state(id)?.nodes ?? {})
    const to = this.#random.pick(paths.filter((path) => /begun|planned/.test(path))) ?? 'begun'
    const asked = paths.find((path) => path.endsWith('approve')) ?? 'approve'
    const approved = this.#random.chance(0.8)
    const limit = this.#random.below(5)
    const often: Incoming[] = [
      { type: 'paused', reason, by },
      { type: 'resumed', by },
      { type: 'resumed', by },
      { type: 'retried', by },
      { type: 'retried', by },
      { type: 'admitted', factors: null },
      { type: 'reset', to, reason, by },
      { type: 'decided', path: asked, approved, by, comment: '', decisionId: this.#newId() },
      { type: 'updated', name: 'set-limit', updateId: this.#newId(), payload: { limit }, by },
      { type: 'migrated', to: 2, mapping, by },
    ]
    const seldom: Incoming[] = [
      { type: 'cancelled', reason, by },
      { type: 'terminated', reason, by },
    ]
    this.#send(id, this.#any(this.#random.chance(0.04) ? seldom : often))
  }

  /** The world calms down: everything that was started must end. */
  async #finish(): Promise<void> {
    this.#log.fault = () => 'none'
    this.#log.delay = () => Promise.resolve()
    if (this.#deposed) this.#deposed.alive = false
    for (let round = 0; round < 200; round++) {
      this.#leader ??= await this.#open()
      const partition = this.#leader?.partition
      if (!partition) throw new Error('W7: nobody can lead though nothing goes wrong any more')
      await turns(2)
      // What was on its way when the world calmed down may still have cost the lead.
      if (this.#leader?.partition !== partition) continue
      this.#shadow.catchUp()
      const left = this.#shadow.ids.filter((id) => partition.get(id))
      if (left.length === 0 && partition.size === 0) return this.#close(partition)
      await Promise.all(left.flatMap((id) => this.#help(partition, id)))
      this.#clock.advance(61_000)
    }
    const left = this.#shadow.ids.map((id) => `${id}: ${JSON.stringify(this.#leader?.partition?.get(id)?.state)}`)
    throw new Error(`W7: does not end though nothing goes wrong any more: ${left.join('\n')}`)
  }

  async #close(partition: Partition): Promise<void> {
    await partition.close()
    this.#leader = await this.#open()
    const size = this.#leader?.partition?.size
    if (size !== 0) throw new Error(`W6: ${size} workflows are there again after a restart`)
  }

  /** Whatever the workflow waits for. */
  #help(partition: Partition, id: string): Promise<void>[] {
    const state = partition.get(id)?.state
    if (!state) return []
    const events: Incoming[] = []
    if (state.status === 'failed') events.push({ type: 'retried', by })
    if (state.status === 'paused') events.push({ type: 'resumed', by })
    if (state.status === 'pending') events.push({ type: 'admitted', factors: null })
    for (const path in state.nodes) {
      const held = state.nodes[path]
      const task = this.#dispatched.findLast((one) => one.workflowId === id && one.path === path)
      if (held?.is === 'running' && task) events.push(success(task, held.attempt))
      if (held?.is === 'waiting' && held.approval && this.#random.chance(0.7)) {
        const approved = this.#random.chance(0.8)
        events.push({ type: 'decided', path, approved, by, comment: '', decisionId: `calm ${path}` })
      }
    }
    return events.map((event) =>
      partition.submit(id, event).catch((error: unknown) => {
        if (!expected.has(toFailure(error).code)) throw error
      }),
    )
  }

  #checkAcknowledged(): void {
    for (const { id, event } of this.#acknowledged) {
      if (event.type === 'started' && !this.#shadow.state(id)) throw new Error(`W5: the start of ${id} is lost`)
      const what = nameOf(event)
      if (what !== undefined && event.type !== 'child-ended' && !this.#shadow.taken(id, what))
        throw new Error(`W5: ${what} of ${id} is lost`)
    }
    for (const id of this.#shadow.ids) {
      const status = this.#shadow.state(id)?.status
      if (status !== 'completed' && status !== 'cancelled') throw new Error(`W6: ${id} is gone though it is ${status}`)
    }
  }
}

async function turns(n: number): Promise<void> {
  for (let i = 0; i < n; i++) await new Promise((resolve) => setImmediate(resolve))
}

const never = new Promise<never>(() => undefined)

/** A frame that is being written when the writer dies is written or not; the writer does not learn which. */
function mortalLog(log: MemoryLog, leader: Leader): Log {
  return {
    append: async (frame, last) => {
      if (!leader.alive) return never
      const sequence = await log.append(frame, last).catch((error: unknown) => {
        if (leader.alive) throw error
        return never
      })
      return leader.alive ? sequence : never
    },
    read: (sequence) => log.read(sequence),
  }
}

function mortalClock(clock: ManualClock, leader: Leader): Clock {
  return { now: () => clock.now(), wakeAt: (at, wake) => clock.wakeAt(at, () => leader.alive && wake()) }
}

function success(task: TaskToRun, attempt: number): Incoming {
  const { path, capability } = task
  return { type: 'task-succeeded', path, attempt, output: outputOf(capability, path), agent: 'a' }
}
