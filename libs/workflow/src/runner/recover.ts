import { Terminal, toFailure, type Failure } from '@pitcrew/errors'
import type { Definitions } from '../core/compile.ts'
import { admit, apply, born } from '../core/decide.ts'
import { decodeFrame, type Entry } from './frame.ts'
import type { Log, Snapshots } from './ports.ts'
import { open, type WorkflowState } from '../core/state.ts'

export interface Recovered {
  workflows: Map<string, WorkflowState>
  ended: Map<string, number>
  broken: Map<string, Failure>
  sequence: number
  checksum: number
}

/** Reads a partition back from its last snapshot and the frames behind it. */
export async function recover({
  log,
  snapshots,
  definitions,
}: {
  log: Log
  snapshots: Snapshots
  definitions: Definitions
}): Promise<Recovered> {
  const snapshot = await snapshots.load()
  const recovered: Recovered = {
    workflows: new Map(),
    ended: new Map(snapshot?.ended),
    broken: new Map(),
    sequence: snapshot?.sequence ?? 0,
    checksum: snapshot?.checksum ?? 0,
  }
  for (const json of snapshot?.workflows ?? []) {
    const state = JSON.parse(json) as WorkflowState
    recovered.workflows.set(state.id, state)
  }
  for await (const { sequence, frame } of log.read(recovered.sequence)) {
    const { entries, checksum } = decodeFrame(frame, recovered.checksum)
    for (const entry of entries) replay(recovered, entry, definitions)
    recovered.sequence = sequence
    recovered.checksum = checksum
  }
  for (const state of recovered.workflows.values()) checkRunnable(recovered, state, definitions)
  return recovered
}

/** Applies one entry again and holds the outcome against what the entry says came of it the first time. */
function replay(recovered: Recovered, { id, event, revision, after }: Entry, definitions: Definitions): void {
  if (recovered.broken.has(id)) return
  try {
    let state = recovered.workflows.get(id)
    if (event.type === 'started') state = born(id, definitions.get(event.definition, event.version), event)
    if (!state || (event.type !== 'started' && admit(state, event).is !== 'fits'))
      throw mismatch(id, revision, 'the event does not fit')
    apply(definitions.get(state.definition, state.version), state, event)
    if (state.revision !== revision || state.phase !== after.phase || state.status !== after.status) {
      throw mismatch(id, revision, `it leads to ${state.phase}, the log says ${after.phase}`)
    }
    if (open(state) || state.status === 'failed') recovered.workflows.set(id, state)
    else {
      recovered.workflows.delete(id)
      recovered.ended.set(id, event.at)
    }
  } catch (error) {
    recovered.workflows.delete(id)
    recovered.broken.set(id, toFailure(error))
  }
}

function checkRunnable(recovered: Recovered, state: WorkflowState, definitions: Definitions): void {
  try {
    definitions.get(state.definition, state.version)
  } catch (error) {
    recovered.workflows.delete(state.id)
    recovered.broken.set(state.id, toFailure(error))
  }
}

function mismatch(id: string, revision: number, why: string): Terminal {
  return new Terminal('LOG_MISMATCH', `transition ${revision} of ${id} cannot be applied again: ${why}`, {
    hint: 'run the version that wrote it, or migrate the workflow',
  })
}
