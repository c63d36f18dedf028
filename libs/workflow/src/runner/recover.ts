import { Terminal, toFailure, type Failure } from '@pitcrew/errors'
import type { Definitions } from '../core/compile.ts'
import { admit, apply, born } from '../core/decide.ts'
import { open, over, type WorkflowState } from '../core/state.ts'
import { earliestDue } from './due.ts'
import { Ended } from './ended.ts'
import { decodeFrame, type Entry } from './frame.ts'
import type { Log, Snapshots } from './ports.ts'
import { Workflows } from './workflows.ts'

export interface RecoverOptions {
  log: Log
  snapshots: Snapshots
  definitions: Definitions
  mostLive?: number
}

const mostLiveByDefault = 4_096

/** Reads a partition back from its last snapshot and the frames behind it. */
export async function recover(options: RecoverOptions): Promise<Recovered> {
  const recovered = new Recovered(options)
  const snapshot = await options.snapshots.load()
  if (snapshot) {
    recovered.begin(snapshot)
    for await (const texts of snapshot.workflows) {
      for (const text of texts) recovered.restore(text)
      await turn()
    }
    recovered.ended = new Ended(await snapshot.ended())
  }
  for await (const { sequence, frame } of options.log.read(recovered.sequence)) {
    const { entries, checksum } = decodeFrame(frame, recovered.checksum)
    for (const entry of entries) recovered.replay(entry)
    recovered.sequence = sequence
    recovered.checksum = checksum
    await turn()
  }
  return recovered
}

/** Lets the process answer and renew its leases between two pieces of work. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export class Recovered {
  readonly workflows: Workflows
  readonly broken = new Map<string, Failure>()
  ended = new Ended()
  sequence = 0
  checksum = 0
  readonly #definitions: Definitions
  /** Workflows that have tasks, children or words to others under way. */
  readonly #underWay = new Set<string>()
  /** When those that only wait are due first. */
  readonly dues = new Map<string, number>()

  constructor({ definitions, mostLive = mostLiveByDefault }: RecoverOptions) {
    this.#definitions = definitions
    this.workflows = new Workflows(mostLive)
  }

  begin({ sequence, checksum }: { sequence: number; checksum: number }): void {
    this.sequence = sequence
    this.checksum = checksum
  }

  restore(text: string): void {
    const state = JSON.parse(text) as WorkflowState
    if (!this.#runnable(state)) return
    this.workflows.addParked(state.id, text)
    this.#note(state)
  }

  /** Applies one entry again and holds the outcome against what the entry says came of it the first time. */
  replay({ id, event, revision, after }: Entry): void {
    if (this.broken.has(id)) return
    try {
      let state = this.workflows.get(id)
      if (event.type === 'started') {
        state = born(id, this.#definitions.get(event.definition, event.version), event)
        this.workflows.add(state)
      }
      if (!state || (event.type !== 'started' && admit(state, event, this.#definitions).is !== 'fits'))
        throw mismatch(id, revision, 'the event does not fit')
      apply(this.#definitions.get(state.definition, state.version), state, event)
      if (state.revision !== revision || state.phase !== after.phase || state.status !== after.status) {
        throw mismatch(id, revision, `it leads to ${state.phase}, the log says ${after.phase}`)
      }
      if (!over(state)) return this.#note(state)
      this.#forget(id)
      this.ended.add(id, event.at)
    } catch (error) {
      this.#forget(id)
      this.broken.set(id, toFailure(error))
    }
  }

  /** Their states. */
  *underWay(): Generator<WorkflowState> {
    for (const id of this.#underWay) {
      const state = this.workflows.get(id)
      if (state) yield state
    }
  }

  #note(state: WorkflowState): void {
    this.#underWay.delete(state.id)
    this.dues.delete(state.id)
    if (waits(state)) {
      const due = earliestDue(state)
      if (due !== null) this.dues.set(state.id, due)
    } else this.#underWay.add(state.id)
  }

  #forget(id: string): void {
    this.workflows.delete(id)
    this.#underWay.delete(id)
    this.dues.delete(id)
  }

  #runnable(state: WorkflowState): boolean {
    try {
      this.#definitions.get(state.definition, state.version)
      return true
    } catch (error) {
      this.broken.set(state.id, toFailure(error))
      return false
    }
  }
}

/** Nothing of it is under way elsewhere: reading it back gives nobody anything to do before its time. */
function waits(state: WorkflowState): boolean {
  if (state.untold || state.orphans) return false
  if (!open(state)) return true
  if (state.status === 'pending') return false
  for (const path in state.nodes) {
    const is = state.nodes[path]?.is
    if (is === 'running' || is === 'child') return false
  }
  return true
}

function mismatch(id: string, revision: number, why: string): Terminal {
  return new Terminal('LOG_MISMATCH', `transition ${revision} of ${id} cannot be applied again: ${why}`, {
    hint: 'run the version that wrote it, or migrate the workflow',
  })
}
