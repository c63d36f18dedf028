import { Terminal, toFailure, type Failure } from '@pitcrew/errors'
import type { Definitions } from '../core/compile.ts'
import { admit, apply, born } from '../core/decide.ts'
import { open, over, type WorkflowState } from '../core/state.ts'
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
    for await (const texts of snapshot.workflows) for (const text of texts) recovered.restore(text)
  }
  for await (const { sequence, frame } of options.log.read(recovered.sequence)) {
    const { entries, checksum } = decodeFrame(frame, recovered.checksum)
    for (const entry of entries) recovered.replay(entry)
    recovered.sequence = sequence
    recovered.checksum = checksum
  }
  return recovered
}

export class Recovered {
  readonly workflows: Workflows
  readonly broken = new Map<string, Failure>()
  ended = new Ended()
  sequence = 0
  checksum = 0
  readonly #definitions: Definitions
  /** Workflows that have more to do than to wait for somebody. */
  readonly #underWay = new Set<string>()

  constructor({ definitions, mostLive = mostLiveByDefault }: RecoverOptions) {
    this.#definitions = definitions
    this.workflows = new Workflows(mostLive)
  }

  begin({ sequence, checksum, ended }: { sequence: number; checksum: number; ended: [string, number][] }): void {
    this.sequence = sequence
    this.checksum = checksum
    this.ended = new Ended(ended)
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

  /** States of those that have tasks, times or words to others under way. */
  *underWay(): Generator<WorkflowState> {
    for (const id of this.#underWay) {
      const state = this.workflows.get(id)
      if (state) yield state
    }
  }

  #note(state: WorkflowState): void {
    if (idle(state)) this.#underWay.delete(state.id)
    else this.#underWay.add(state.id)
  }

  #forget(id: string): void {
    this.workflows.delete(id)
    this.#underWay.delete(id)
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

/** It waits for a signal, if for anything: reading it back gives nobody anything to do. */
function idle(state: WorkflowState): boolean {
  if (state.untold || state.orphans) return false
  if (!open(state)) return true
  if (state.status === 'pending') return false
  for (const path in state.nodes) {
    const node = state.nodes[path]
    if (node && (('due' in node && node.due !== null) || node.is === 'child')) return false
  }
  return true
}

function mismatch(id: string, revision: number, why: string): Terminal {
  return new Terminal('LOG_MISMATCH', `transition ${revision} of ${id} cannot be applied again: ${why}`, {
    hint: 'run the version that wrote it, or migrate the workflow',
  })
}
