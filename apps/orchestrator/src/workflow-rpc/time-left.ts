/** F3: how far a workflow is and what is left of it, by what earlier runs of the same definition took. */
import type { engine } from '@pitcrew/contracts'
import { estimateProgress, type WorkflowState } from '@pitcrew/workflow'
import { measuredDurations } from '../adapters/workflow-statistics.ts'
import { expectedDurations } from '../domain/expected-durations.ts'
import type { WorkflowRow } from '../domain/workflow-row.ts'
import type { WorkflowRpcParts } from './parts.ts'

export interface Left {
  progress: number
  timeLeft: engine.TimeLeft | undefined
}

export async function timeLeft(
  { catalogue, database }: WorkflowRpcParts,
  row: WorkflowRow,
  state: WorkflowState,
): Promise<Left> {
  const { definition } = catalogue.get(state.definition, state.version)
  const durations = expectedDurations(definition, await measuredDurations(database, state.definition, state.version))
  const begun = Object.fromEntries(Object.entries(row.clock).map(([path, [since]]) => [path, since]))
  const { percent, left } = estimateProgress(
    catalogue.get(state.definition, state.version),
    state,
    durations,
    Date.now(),
    begun,
  )
  // Of a workflow that is open, no time left means that nothing of what is left has been measured.
  const known = left !== null && left.p90Ms > 0 && row.endedAt === null
  return {
    progress: percent,
    timeLeft: known ? { medianSeconds: left.p50Ms / 1_000, p90Seconds: left.p90Ms / 1_000 } : undefined,
  }
}
