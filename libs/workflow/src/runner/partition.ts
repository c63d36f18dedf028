/**
 * Runs the workflows of one partition: takes events, applies them, makes them durable in frames and only then lets their
 * consequences out.
 *
 * Invariants
 *  P1 One frame is in flight at a time; what comes meanwhile gathers for the next one.
 *  P2 Nothing leaves before its frame is durable: no task, no answer, no answer to a redelivery either.
 *  P3 A frame that may not have been written ends the leadership; the state in memory is then worth nothing and is left.
 *  P4 The state is a function of the log: recovery applies the same events to the same state, and a difference is reported.
 *     While there is one, no snapshot is taken, so that nothing is cut that a repair needs.
 *  P5 Every due time of an open workflow has a timer.
 */
import { Retryable, Terminal, toFailure, type Failure } from '@pitcrew/errors'
import type { Definitions, Program } from '../core/compile.ts'
import { admit, apply, born } from '../core/decide.ts'
import type { Command, WorkflowEvent } from '../core/event.ts'
import { encodeFrame, type Entry, type View } from './frame.ts'
import type { Clock, Log, Snapshot, Snapshots, TaskQueue, TaskToRun } from './ports.ts'
import { pendingCommands } from './pending.ts'
import { recover, type Recovered } from './recover.ts'
import { open, type WorkflowState } from '../core/state.ts'
import { Timers } from './timers.ts'
import { viewOf } from './view.ts'

export interface PartitionOptions {
  definitions: Definitions
  log: Log
  snapshots: Snapshots
  tasks: TaskQueue
  clock: Clock
  /** Transitions between snapshots. */
  snapshotEvery?: number
  /** How long an ended workflow's id stays taken, milliseconds. */
  retentionMs?: number
  /** Called once when the leadership is lost. */
  onLost: (reason: Failure) => void
  /** Something that needs looking at but does not stop the partition. */
  onTrouble: (failure: Failure) => void
}

/** An event without its time, which the partition gives. */
export type Incoming = WorkflowEvent extends infer E ? (E extends WorkflowEvent ? Omit<E, 'at'> : never) : never

/** One transition that is to become durable, or (without an entry) somebody who waits for those before. */
interface Gathered {
  entry?: { encoded: string; state: WorkflowState; commands: Command[] }
  resolve: () => void
  reject: (reason: Failure) => void
}

/** A frame is cut at this size; a broker takes 1 MiB by default. */
const frameBytes = 512 * 1024

export class Partition {
  readonly #options: PartitionOptions
  readonly #timers: Timers
  readonly #workflows: Map<string, WorkflowState>
  readonly #ended: Map<string, number>
  /** Workflows that the log tells otherwise than this program; left alone and shown. */
  readonly #broken: Map<string, Failure>
  #sequence: number
  #checksum: number
  #gathered: Gathered[] = []
  #inFlight: Promise<void> | undefined
  #sinceSnapshot = 0
  #lost: Failure | undefined
  #closing = false

  /** Takes over the partition: reads it back, then writes the first frame of its own, which fences any writer before. */
  static async open(options: PartitionOptions): Promise<Partition> {
    const recovered = await recover(options)
    const { frame, checksum } = encodeFrame([], recovered.checksum)
    recovered.sequence = await options.log.append(frame, recovered.sequence)
    recovered.checksum = checksum
    const partition = new Partition(options, recovered)
    for (const reason of recovered.broken.values()) options.onTrouble(reason)
    partition.#resume()
    return partition
  }

  private constructor(options: PartitionOptions, recovered: Recovered) {
    this.#options = options
    this.#workflows = recovered.workflows
    this.#ended = recovered.ended
    this.#broken = recovered.broken
    this.#sequence = recovered.sequence
    this.#checksum = recovered.checksum
    this.#timers = new Timers(options.clock, ({ id, path, due }) => this.#timerFired(id, path, due))
  }

  /**
   * Resolves when the event is durable, or was before.
   * @throws Terminal when it does not fit the workflow; Retryable NOT_LEADER when another instance has to be asked
   */
  async submit(id: string, incoming: Incoming): Promise<void> {
    if (this.#lost) throw this.#lost
    if (this.#closing) throw notLeader('this instance is letting the partition go')
    const event = { ...incoming, at: this.#options.clock.now() } as WorkflowEvent
    const broken = this.#broken.get(id)
    if (broken) throw broken
    if (event.type === 'started' && this.#ended.has(id)) return this.#settled()
    const state = this.#workflows.get(id)
    if (!state && this.#ended.has(id)) throw new Terminal('GONE', `workflow ${id} has ended`)
    const admission = admit(state, event)
    switch (admission.is) {
      case 'fits':
        return this.#gather(id, state, event)
      case 'doubled':
      case 'later':
        return this.#settled()
      case 'refused':
        throw admission.failure
    }
  }

  get(id: string): { state: WorkflowState; view: View } | undefined {
    const state = this.#workflows.get(id)
    return state && { state, view: viewOf(state, this.#program(state)) }
  }

  get size(): number {
    return this.#workflows.size
  }

  get broken(): ReadonlyMap<string, Failure> {
    return this.#broken
  }

  /** Lets go in good order: what was gathered becomes durable, and a snapshot spares the next leader the reading. */
  async close(): Promise<void> {
    this.#closing = true
    while (this.#inFlight && !this.#lost) await this.#inFlight.catch(() => undefined)
    if (this.#lost) return
    await this.#save(this.#serialise())
    this.#lose(notLeader('this instance has let the partition go'))
  }

  #gather(id: string, held: WorkflowState | undefined, event: WorkflowEvent): Promise<void> {
    let state = held
    if (event.type === 'started') {
      state = born(id, this.#options.definitions.get(event.definition, event.version), event)
      this.#workflows.set(id, state)
    }
    if (!state) throw new Terminal('UNKNOWN_WORKFLOW', `there is no workflow ${id}`)
    const entry = this.#apply(id, state, event)
    return new Promise((resolve, reject) => {
      this.#gathered.push({ entry, resolve, reject })
      this.#pump()
    })
  }

  #apply(id: string, state: WorkflowState, event: WorkflowEvent): Gathered['entry'] {
    const program = this.#program(state)
    try {
      const commands = apply(program, state, event)
      const entry: Entry = { id, revision: state.revision, event, after: viewOf(state, program) }
      if (!open(state) && state.status !== 'failed') {
        this.#workflows.delete(id)
        this.#ended.set(id, event.at)
      }
      return { encoded: JSON.stringify(entry), state, commands }
    } catch (error) {
      // Half applied: what is in memory may not go on; the log, which lacks the event, is still right.
      this.#workflows.delete(id)
      this.#break(id, toFailure(error))
      throw error
    }
  }

  /** Resolves when everything gathered so far is durable. */
  #settled(): Promise<void> {
    if (this.#gathered.length === 0) return this.#inFlight ?? Promise.resolve()
    return new Promise((resolve, reject) => this.#gathered.push({ resolve, reject }))
  }

  #pump(): void {
    if (this.#inFlight || this.#lost) return
    this.#inFlight = new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#write())
    this.#inFlight.then(
      () => {
        this.#inFlight = undefined
        if (this.#gathered.length > 0) this.#pump()
      },
      (error: unknown) => this.#lose(toFailure(error)),
    )
  }

  async #write(): Promise<void> {
    const cut = this.#cut()
    const entries = cut.flatMap(({ entry }) => entry ?? [])
    this.#sinceSnapshot += entries.length
    const whole = this.#gathered.length === 0
    const snapshot =
      whole && this.#sinceSnapshot >= (this.#options.snapshotEvery ?? 20_000) ? this.#serialise() : undefined
    try {
      if (entries.length > 0) await this.#append(entries.map(({ encoded }) => encoded))
    } catch (error) {
      const failure = toFailure(error)
      for (const { reject } of cut) reject(notLeader(`the frame was not written: ${failure.message}`, error))
      throw failure
    }
    for (const { resolve } of cut) resolve()
    this.#release(entries)
    if (snapshot) void this.#save(snapshot)
  }

  /** As much of what was gathered as fits a frame. */
  #cut(): Gathered[] {
    let bytes = 0
    const end = this.#gathered.findIndex(({ entry }, i) => (bytes += entry?.encoded.length ?? 0) > frameBytes && i > 0)
    return this.#gathered.splice(0, end < 0 ? this.#gathered.length : end)
  }

  async #append(entries: string[]): Promise<void> {
    const { frame, checksum } = encodeFrame(entries, this.#checksum)
    this.#sequence = await this.#options.log.append(frame, this.#sequence)
    this.#checksum = checksum
  }

  /** The frame is durable: its consequences may leave. */
  #release(effects: { state: WorkflowState; commands: Command[] }[]): void {
    const tasks: TaskToRun[] = []
    for (const { state, commands } of effects) {
      for (const command of commands) {
        if (command.type === 'wake-at') this.#timers.add(state.id, command.path, command.due)
        else tasks.push(toTask(state, command, this.#options.clock.now()))
      }
    }
    if (tasks.length > 0) void this.#dispatch(tasks)
  }

  /** Tries until the queue has them; a leader that never manages leaves it to the next, who finds them in the state. */
  async #dispatch(tasks: TaskToRun[], attempt = 1): Promise<void> {
    if (this.#lost) return
    try {
      await this.#options.tasks.dispatch(tasks)
    } catch {
      const { clock } = this.#options
      clock.wakeAt(clock.now() + Math.min(5_000, 100 * 2 ** attempt), () => void this.#dispatch(tasks, attempt + 1))
    }
  }

  #resume(): void {
    const effects = [...this.#workflows.values()]
      .filter(open)
      .map((state) => ({ state, commands: pendingCommands(this.#program(state), state) }))
    this.#release(effects)
  }

  #timerFired(id: string, path: string, due: number): void {
    this.submit(id, { type: 'timer-fired', path, due }).catch((error: unknown) => {
      // Whoever leads next finds the time in the state; a workflow that has ended needs it no more.
      const failure = toFailure(error)
      if (!['NOT_LEADER', 'GONE', 'UNKNOWN_WORKFLOW'].includes(failure.code)) this.#options.onTrouble(failure)
    })
  }

  #program(state: WorkflowState): Program {
    return this.#options.definitions.get(state.definition, state.version)
  }

  #serialise(): Pick<Snapshot, 'workflows' | 'ended'> {
    this.#sinceSnapshot = 0
    const oldest = this.#options.clock.now() - (this.#options.retentionMs ?? 7 * 86_400_000)
    for (const [id, at] of this.#ended) if (at < oldest) this.#ended.delete(id)
    return {
      workflows: Array.from(this.#workflows.values(), (state) => JSON.stringify(state)),
      ended: [...this.#ended],
    }
  }

  /** A snapshot only spares reading, so one that cannot be saved is reported and the next one tried in its time. */
  async #save(snapshot: Pick<Snapshot, 'workflows' | 'ended'>): Promise<void> {
    if (this.#broken.size > 0) return
    const { snapshots, onTrouble } = this.#options
    await snapshots
      .save({ sequence: this.#sequence, checksum: this.#checksum, ...snapshot })
      .catch((error: unknown) => onTrouble(toFailure(error)))
  }

  #break(id: string, reason: Failure): void {
    this.#broken.set(id, reason)
    this.#options.onTrouble(reason)
  }

  #lose(reason: Failure): void {
    if (this.#lost) return
    this.#lost = reason.code === 'NOT_LEADER' ? reason : notLeader(reason.message, reason)
    this.#timers.stop()
    for (const { reject } of this.#gathered) reject(this.#lost)
    this.#gathered = []
    this.#options.onLost(reason)
  }
}

const notLeader = (message: string, cause?: unknown): Retryable => new Retryable('NOT_LEADER', message, { cause })

function toTask(state: WorkflowState, command: Command & { type: 'run-task' }, startedAt: number): TaskToRun {
  const { path, attempt, capability, input, priority, timeoutMs } = command
  const task = { workflowId: state.id, path, attempt, capability, input, priority, timeoutMs, startedAt }
  return state.trace === undefined ? task : { ...task, trace: state.trace }
}
