/**
 * A partition in a world where everything goes wrong that can: it is killed between any two moments, appends are refused or
 * written without an answer, results and signals come twice, late, in any order and from the wrong attempt, two leaders think
 * they lead. One seed is one run.
 */
import { toFailure } from '@pitcrew/errors'
import {
  decodeFrame,
  defineWorkflow,
  Definitions,
  eq,
  ge,
  Partition,
  plainLifecycle,
  type Entry,
  type Incoming,
  type Json,
  type TaskToRun,
} from '../src/index.ts'
import { capability, ManualClock, MemoryLog, MemorySnapshots, MemoryTasks } from '../src/testing/index.ts'
import { Random } from '../src/testing/random.ts'

const work = capability<{ n: unknown }, { n: number }>('work')
const hold = capability<{ n: unknown }, { id: string }>('hold')
const release = capability<{ id: unknown }, null>('release')

export const definition = defineWorkflow('simulated', 1, plainLifecycle, (flow) => {
  flow.task('begin', work, { input: { n: 1 } })
  const both = flow.parallel<Record<'left' | 'right', { n: number }>>('both', {
    left: (side) => side.task('left', work, { input: { n: 2 } }),
    right: (side) => side.task('right', work, { input: { n: 3 } }),
  })
  const round = flow.loop<number>('rounds', {
    initial: 0,
    max: 3,
    run: (inner, _, index) => {
      const held = inner.task('hold', hold, {
        input: { n: index },
        undo: ({ id }) => ({ capability: release, input: { id } }),
      })
      const answer = inner.wait<'yes' | 'no', null>('answer', {
        signals: ['yes', 'no'],
        timeoutMs: 60_000,
        reason: 'an answer',
      })
      inner.end('declined', 'declined', { when: eq(answer.signal, 'no'), undo: true })
      inner.task('give-back', release, { input: { id: held.id }, when: eq(answer.signal, null as never) })
      return { next: index, until: eq(answer.signal, 'yes') }
    },
  })
  flow.task('finish', work, { input: { n: both.left.n }, when: ge(round, 0) })
})

const workflows = ['w1', 'w2', 'w3']

export class Simulation {
  readonly #random: Random
  readonly #clock = new ManualClock()
  readonly #log = new MemoryLog()
  readonly #snapshots = new MemorySnapshots()
  readonly #definitions = new Definitions([definition])
  /** Everything that any leader ever dispatched; the network may deliver any of it at any time, and again. */
  readonly #dispatched: TaskToRun[] = []
  readonly #acknowledged: { id: string; event: Incoming }[] = []
  #partition: Partition | undefined
  #deposed: Partition | undefined
  #signals = 0

  constructor(seed: number) {
    this.#random = new Random(seed)
    this.#log.fault = () =>
      this.#random.chance(0.03) ? (this.#random.chance(0.5) ? 'refused' : 'lost-answer') : 'none'
  }

  /** @throws Error naming the invariant that does not hold */
  async run(steps = 60): Promise<void> {
    for (let step = 0; step < steps; step++) {
      await this.#step()
      this.#checkLog()
    }
    this.#log.fault = () => 'none'
    await this.#finish()
    this.#checkAcknowledged()
  }

  async #step(): Promise<void> {
    const dice = this.#random.next()
    if (dice < 0.08) this.#kill()
    else if (dice < 0.11) this.#depose()
    else if (dice < 0.25) this.#clock.advance(this.#random.below(70_000))
    else if (dice < 0.35) this.#submit(this.#any(workflows), start)
    else if (dice < 0.75) this.#report()
    else if (dice < 0.9) this.#signal()
    else this.#steer()
    for (let turns = this.#random.below(4); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve))
    this.#partition ??= await this.#open()
  }

  #any<T>(items: readonly T[]): T {
    return this.#random.pick(items) as T
  }

  #kill(): void {
    this.#partition = undefined
  }

  /** The old leader lives on and does not know that it is none any more. */
  #depose(): void {
    this.#deposed = this.#partition
    this.#partition = undefined
  }

  async #open(): Promise<Partition | undefined> {
    const tasks = new MemoryTasks()
    tasks.dispatch = async (list) => void this.#dispatched.push(...list)
    try {
      return await Partition.open({
        definitions: this.#definitions,
        log: this.#log,
        snapshots: this.#snapshots,
        tasks,
        clock: this.#clock,
        snapshotEvery: 25,
        onLost: () => (this.#partition = undefined),
        onTrouble: (failure) => {
          throw new Error(`trouble: ${failure.code} ${failure.message}`)
        },
      })
    } catch (error) {
      if (toFailure(error).kind === 'retryable') return undefined
      throw error
    }
  }

  #submit(id: string, event: Incoming): void {
    const leader = this.#deposed && this.#random.chance(0.2) ? this.#deposed : this.#partition
    leader?.submit(id, event).then(
      () => this.#acknowledged.push({ id, event }),
      (error: unknown) => {
        if (!expected.has(toFailure(error).code)) throw error
      },
    )
  }

  #report(): void {
    const task = this.#any(this.#dispatched)
    if (!task) return
    const attempt = this.#random.chance(0.05) ? task.attempt - 1 : task.attempt
    if (this.#random.chance(0.2)) {
      const failure = { kind: 'retryable', code: 'DOWN', message: 'down' } as const
      return this.#submit(task.workflowId, { type: 'task-failed', path: task.path, attempt, failure, agent: 'a' })
    }
    this.#submit(task.workflowId, success(task, attempt))
  }

  #signal(): void {
    const signal = this.#random.chance(0.7) ? 'yes' : 'no'
    const signalId = `s${this.#random.chance(0.2) ? this.#signals : ++this.#signals}`
    this.#submit(this.#any(workflows), { type: 'signalled', signal, signalId, payload: null })
  }

  #steer(): void {
    const by = 'person'
    const events: Incoming[] = [
      { type: 'paused', reason: '', by },
      { type: 'resumed', by },
      { type: 'resumed', by },
      { type: 'retried', by },
    ]
    const event = this.#random.chance(0.05) ? ({ type: 'cancelled', reason: '', by } as const) : this.#any(events)
    this.#submit(this.#any(workflows), event)
  }

  /** The world calms down: everything that was started must end. */
  async #finish(): Promise<void> {
    this.#deposed = undefined
    for (let round = 0; round < 400; round++) {
      this.#partition ??= await this.#open()
      const partition = this.#partition as Partition
      const left = workflows.filter((id) => partition.get(id))
      if (left.length === 0) return
      for (const id of left) {
        await this.#tolerated(partition.submit(id, { type: 'retried', by: 'person' }))
        await this.#tolerated(partition.submit(id, { type: 'resumed', by: 'person' }))
      }
      for (const task of this.#dispatched)
        await this.#tolerated(partition.submit(task.workflowId, success(task, task.attempt)))
      this.#clock.advance(61_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    throw new Error('W7: a workflow does not end though nothing goes wrong any more')
  }

  async #tolerated(submitted: Promise<void>): Promise<void> {
    await submitted.catch((error: unknown) => {
      if (!expected.has(toFailure(error).code)) throw error
    })
  }

  /** W1 the frames form one chain; W2 a workflow's transitions count up by one; W3 nothing follows an end; W4 a result once. */
  #checkLog(): void {
    let previous = 0
    const last = new Map<string, Entry>()
    const results = new Set<string>()
    for (const { frame } of this.#log.frames) {
      const { entries, checksum } = decodeFrame(frame, previous)
      previous = checksum
      for (const entry of entries) {
        const before = last.get(entry.id)
        if (entry.revision !== (before?.revision ?? 0) + 1)
          throw new Error(`W2: ${entry.id} jumps to ${entry.revision}`)
        if (before && ['completed', 'cancelled'].includes(before.after.status))
          throw new Error(`W3: ${entry.id} goes on after its end`)
        last.set(entry.id, entry)
        if (entry.event.type !== 'task-succeeded') continue
        const result = `${entry.id}/${entry.event.path}:${entry.event.attempt}`
        if (results.has(result)) throw new Error(`W4: ${result} is applied twice`)
        results.add(result)
      }
    }
  }

  /** W5 what was acknowledged is in the log, or a doubled form of it. W6 a signal is taken once. */
  #checkAcknowledged(): void {
    const entries = this.#log.frames.flatMap(({ frame }) => decodeFrame(frame).entries)
    const signals = entries
      .filter(({ event }) => event.type === 'signalled')
      .map(({ id, event }) => `${id} ${(event as { signalId: string }).signalId}`)
    if (new Set(signals).size !== signals.length) throw new Error('W6: a signal is taken twice')
    for (const { id, event } of this.#acknowledged) {
      if (event.type === 'started' && !entries.some((entry) => entry.id === id))
        throw new Error(`W5: the start of ${id} is lost`)
      if (event.type === 'signalled' && !signals.includes(`${id} ${event.signalId}`))
        throw new Error(`W5: signal ${event.signalId} is lost`)
      if (event.type === 'task-succeeded') {
        const found = entries.some(
          (entry) =>
            entry.id === id &&
            entry.event.type === 'task-succeeded' &&
            entry.event.path === event.path &&
            entry.event.attempt === event.attempt,
        )
        if (!found) throw new Error(`W5: the result of ${id}/${event.path} is lost`)
      }
    }
  }
}

const start: Incoming = { type: 'started', definition: 'simulated', version: 1, input: {} }
const expected = new Set(['NOT_LEADER', 'STALE_RESULT', 'UNKNOWN_WORKFLOW', 'GONE', 'ILLEGAL_TRANSITION'])

function success(task: TaskToRun, attempt: number): Incoming {
  const output: Json = task.capability === 'hold' ? { id: `h-${task.path}` } : { n: 1 }
  return { type: 'task-succeeded', path: task.path, attempt, output, agent: 'a' }
}
