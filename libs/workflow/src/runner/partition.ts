/**
 * Runs the workflows of one partition: takes events, applies them, makes them durable through the journal and only then lets
 * their consequences out.
 *
 * Invariants (P1 to P3 are the journal's)
 *  P2 Nothing leaves before its frame is durable: no task, no answer, no answer to a redelivery either.
 *  P4 The state is a function of the log: recovery applies the same events to the same state, and a difference is reported.
 *     While there is one, no snapshot is taken, so that nothing is cut that a repair needs.
 *  P5 Every due time of an open workflow has a timer.
 *  P6 What could not be written is refused before it is applied: a state in memory is one that the log can hold.
 */
import { Terminal, toFailure, type Failure } from '@pitcrew/errors'
import type { Definitions, Program } from '../core/compile.ts'
import type { Json } from '../definition/json.ts'
import { answerOf } from '../core/update.ts'
import { admit, apply, born } from '../core/decide.ts'
import type { Command, Incoming, WorkflowEvent } from '../core/event.ts'
import { open, over, type WorkflowState } from '../core/state.ts'
import { Admissions } from './admissions.ts'
import { Effects } from './effects.ts'
import type { Ended } from './ended.ts'
import { endingOf, type Ending } from './ended.ts'
import { entryText, eventText } from './entry.ts'
import type { View } from './frame.ts'
import { Journal, notLeader } from './journal.ts'
import { pendingCommands } from '../core/pending.ts'
import type { Clock, Log, Peers, Snapshots, TaskQueue } from './ports.ts'
import { recover, turn, type Recovered } from './recover.ts'
import { Snapshotting } from './snapshotting.ts'
import { viewOf } from './view.ts'
import type { Workflows } from './workflows.ts'

export interface PartitionOptions {
  definitions: Definitions
  log: Log
  snapshots: Snapshots
  tasks: TaskQueue
  clock: Clock
  /** For children and parents in other partitions; without it all are taken to be in this one. */
  peers?: Peers
  /** M7: shared with other partitions; without it nothing is held back. */
  admission?: Admissions
  /** Transitions between snapshots, at least; with many open workflows it is twice their number. */
  snapshotEvery?: number
  /** How long an ended workflow's id stays taken, milliseconds. */
  retentionMs?: number
  /** Workflows that are kept as objects; the others are parked. */
  mostLive?: number
  /** Called once when the leadership is lost. */
  onLost: (reason: Failure) => void
  /** Something that needs looking at but does not stop the partition. */
  onTrouble: (failure: Failure) => void
}

interface Applied {
  state: WorkflowState
  commands: Command[]
}

export class Partition {
  readonly #options: PartitionOptions
  readonly #workflows: Workflows
  readonly #ended: Ended
  /** Workflows that the log tells otherwise than this program; left alone and shown. */
  readonly #broken: Map<string, Failure>
  readonly #journal: Journal<Applied>
  readonly #effects: Effects
  readonly #snapshotting: Snapshotting
  readonly #admission: Admissions
  #closing = false

  /** Takes over the partition: reads it back, then writes the first frame of its own, which fences any writer before. */
  static async open(options: PartitionOptions): Promise<Partition> {
    const recovered = await recover(options)
    const partition = new Partition(options, recovered)
    await partition.#journal.fence()
    for (const reason of recovered.broken.values()) options.onTrouble(reason)
    for (const [id, due] of recovered.dues) partition.#effects.wakeBy(id, due)
    let taken = 0
    for (const state of recovered.underWay()) {
      if (++taken % 200 === 0) await turn()
      partition.#admit(state)
      const commands = pendingCommands(partition.#program(state), state)
      partition.#effects.release([{ state, commands }])
    }
    partition.#admission.fill()
    return partition
  }

  private constructor(options: PartitionOptions, recovered: Recovered) {
    const { log, snapshots, snapshotEvery = 100_000, retentionMs, onTrouble } = options
    this.#options = options
    this.#admission = options.admission ?? new Admissions(options)
    this.#broken = recovered.broken
    this.#ended = recovered.ended
    this.#workflows = recovered.workflows
    this.#effects = new Effects(options, {
      submit: (id, event) => this.submit(id, event),
      state: (id) => this.#workflows.get(id),
    })
    this.#workflows.onPark((state) => this.#effects.parked(state))
    this.#snapshotting = new Snapshotting({
      workflows: this.#workflows,
      snapshots,
      every: snapshotEvery,
      ended: () => this.#ended.kept(options.clock.now(), retentionMs),
      onTrouble,
    })
    this.#journal = new Journal<Applied>({
      log,
      sequence: recovered.sequence,
      checksum: recovered.checksum,
      onWhole: () => this.#snapshot(),
      onDurable: (applied) => this.#release(applied),
      onLost: (reason) => {
        this.#effects.stop()
        for (const id of this.#workflows.ids()) this.#admission.forget(id)
        this.#ended.stop(reason)
        options.onLost(reason)
      },
    })
  }

  /**
   * Resolves when the event is durable, or was before.
   * @throws Terminal when it does not fit the workflow; Retryable NOT_LEADER when another instance has to be asked
   */
  async submit(id: string, incoming: Incoming): Promise<void> {
    if (this.#journal.lost) throw this.#journal.lost
    if (this.#closing) throw notLeader('this instance is letting the partition go')
    const broken = this.#broken.get(id)
    if (broken) throw broken
    const event = { ...incoming, at: this.#options.clock.now() } as WorkflowEvent
    const taken = this.#ended.has(id)
    if (taken && event.type === 'started') return this.#journal.settled()
    const state = taken ? undefined : this.#workflows.get(id)
    if (taken && state === undefined) throw new Terminal('GONE', `workflow ${id} has ended`)
    const admission = admit(state, event, this.#options.definitions)
    switch (admission.is) {
      case 'fits':
        return this.#take(id, state, event)
      case 'doubled':
      case 'later':
        return this.#journal.settled()
      case 'refused':
        throw admission.failure
    }
  }

  /** Resolves to what the definition's update answers, once that is durable. The same `updateId` gives the same answer. */
  async update(id: string, event: Extract<Incoming, { type: 'updated' }>): Promise<Json> {
    await this.submit(id, event)
    const state = this.#workflows.get(id)
    return state === undefined ? null : (answerOf(state, event.updateId) ?? null)
  }

  get(id: string): { state: WorkflowState; view: View } | undefined {
    const state = this.#workflows.get(id)
    return state && { state, view: viewOf(state, this.#program(state)) }
  }

  /** Every workflow that is not over; reads back what is parked. */
  *states(): Generator<WorkflowState> {
    for (const id of [...this.#workflows.ids()]) {
      const state = this.#workflows.get(id)
      if (state) yield state
    }
  }

  program(state: WorkflowState): Program {
    return this.#program(state)
  }

  /** How the workflow ended, once it has. @throws Terminal UNKNOWN_WORKFLOW, GONE (it ended too long ago to be told here) */
  async ending(id: string): Promise<Ending> {
    // Its end may be applied and not durable yet.
    if (this.#ended.has(id)) await this.#journal.settled()
    const known = this.#ended.ending(id)
    if (known) return known
    if (this.#ended.has(id)) throw new Terminal('GONE', `workflow ${id} ended a while ago; its history tells how`)
    const state = this.#workflows.get(id)
    if (!state) throw this.#broken.get(id) ?? new Terminal('UNKNOWN_WORKFLOW', `there is no workflow ${id}`)
    return open(state) ? this.#ended.await(id) : endingOf(state)
  }

  get size(): number {
    return this.#workflows.size
  }

  /** Workflows held as objects, not parked. */
  get live(): number {
    return this.#workflows.live
  }

  get broken(): ReadonlyMap<string, Failure> {
    return this.#broken
  }

  /** Lets go in good order: what was gathered becomes durable, and a snapshot spares the next leader the reading. */
  async close(): Promise<void> {
    this.#closing = true
    await this.#journal.idle()
    if (this.#journal.lost) return
    await this.#snapshotting.finish(this.#broken.size === 0 ? this.#journal.end : undefined)
    this.#journal.lose(notLeader('this instance has let the partition go'))
  }

  #take(id: string, held: WorkflowState | undefined, event: WorkflowEvent): Promise<void> {
    if (event.type === 'started' && event.parent === undefined && this.#admission.full) event.hold = true
    const text = eventText(id, event)
    let state = held
    if (event.type === 'started') {
      state = born(id, this.#options.definitions.get(event.definition, event.version), event)
      this.#workflows.add(state)
      if (!event.hold) this.#admission.begin(id)
    }
    if (!state) throw new Terminal('UNKNOWN_WORKFLOW', `there is no workflow ${id}`)
    this.#workflows.touch(state)
    return this.#apply(id, state, event, text)
  }

  #apply(id: string, state: WorkflowState, event: WorkflowEvent, text: string): Promise<void> {
    const program = this.#program(state)
    let applied: Applied
    let entry: string
    try {
      applied = { state, commands: apply(program, state, event) }
      entry = entryText(id, state, text, viewOf(state, program))
    } catch (error) {
      // Half applied: what is in memory may not go on; the log, which lacks the event, is still right.
      this.#workflows.delete(id)
      this.#break(id, toFailure(error))
      throw error
    }
    if (over(state)) {
      this.#workflows.delete(id)
      this.#ended.add(id, event.at)
    }
    return this.#journal.add(entry, applied)
  }

  #release(applied: Applied[]): void {
    this.#snapshotting.count(applied.length)
    for (const { state } of applied) {
      if (!open(state)) this.#ended.tell(state)
      this.#admit(state)
    }
    this.#effects.release(applied)
    this.#admission.fill()
  }

  #admit(state: WorkflowState): void {
    this.#admission.note(state, (id, factors) => {
      // Whoever leads next finds it pending and decides anew.
      this.submit(id, { type: 'admitted', factors }).catch((error: unknown) => {
        this.#admission.forget(id)
        const failure = toFailure(error)
        if (failure.code !== 'NOT_LEADER') this.#options.onTrouble(failure)
      })
    })
  }

  #snapshot(): void {
    if (this.#broken.size > 0 || !this.#snapshotting.due) return
    // The frame that is being written now; what gathers behind it belongs to later ones.
    this.#snapshotting.begin(this.#journal.settled().then(() => this.#journal.end))
  }

  #program(state: WorkflowState): Program {
    return this.#options.definitions.get(state.definition, state.version)
  }

  #break(id: string, reason: Failure): void {
    this.#broken.set(id, reason)
    this.#options.onTrouble(reason)
  }
}
