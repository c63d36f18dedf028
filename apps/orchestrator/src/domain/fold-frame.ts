/**
 * What one frame of the log changes in the views: pure, so that what is written follows from the frame and from what was
 * known before.
 *
 *  V1 An entry that was taken in before changes nothing but what an equal one would write again.
 *  V2 An older transition never replaces a newer one, in whatever order frames come.
 *  V3 Durations are measured between neighbouring transitions only, and once.
 */
import { workflow } from '@pitcrew/contracts'
import { nodeId, type Entry } from '@pitcrew/workflow'
import { finished } from './node-clock.ts'
import { originOf } from './origin.ts'
import { transitionOf, type TransitionRow } from './transition-row.ts'
import { rowAfter, type NodeOf, type WorkflowRow } from './workflow-row.ts'

const { COMPLETED, FAILED } = workflow.WorkflowStatus

/** How long a node took, or an attempt at it that failed. The node '' is the workflow as a whole. */
export interface Measured {
  definition: string
  version: number
  node: string
  durationMs: number
  failed: boolean
}

export interface FrameChanges {
  /** Each workflow as it stands after the frame. */
  rows: WorkflowRow[]
  /** Every entry: the workflow after it, and the transition. `failed`: with this one, and told for the first time. */
  steps: {
    row: WorkflowRow
    transition: TransitionRow
    fresh: boolean
    failed: boolean
    /** Of a task's result: the agent's own work, without waiting in queues. */
    tookMs?: number
  }[]
  measured: Measured[]
}

export function foldFrame(
  entries: readonly Entry[],
  known: ReadonlyMap<string, WorkflowRow>,
  nodeOf: NodeOf,
): FrameChanges {
  const latest = new Map<string, WorkflowRow>()
  const changes: FrameChanges = { rows: [], steps: [], measured: [] }
  for (const entry of entries) {
    const before = latest.get(entry.id) ?? known.get(entry.id)
    const fresh = before === undefined || entry.revision > before.revision
    if (before && !fresh) {
      const late = startSeenLate(entry, before)
      if (late) latest.set(entry.id, late)
    }
    const next = before?.revision === entry.revision - 1
    const row = rowAfter(entry, fresh ? before : undefined, nodeOf)
    const failed = fresh && row.status === FAILED && before?.status !== FAILED
    const took = 'tookMs' in entry.event && entry.event.tookMs !== undefined ? { tookMs: entry.event.tookMs } : {}
    changes.steps.push({ row, transition: transitionOf(entry, next ? before.clock : {}), fresh, failed, ...took })
    if (!fresh) continue
    if (next) changes.measured.push(...measure(entry, before, row))
    latest.set(entry.id, row)
  }
  changes.rows = [...latest.values()].sort((a, b) => (a.workflowId < b.workflowId ? -1 : 1))
  return changes
}

/** Another instance was quicker with a later frame: what only the start tells was missing until now. */
function startSeenLate(entry: Entry, row: WorkflowRow): WorkflowRow | undefined {
  if (entry.event.type !== 'started' || row.version !== 0) return undefined
  return { ...row, ...originOf(entry, undefined) }
}

function measure({ event }: Entry, before: WorkflowRow, after: WorkflowRow): Measured[] {
  const { definition, version } = after
  const of = (path: string, durationMs: number, failed: boolean): Measured => ({
    definition,
    version,
    node: path && nodeId(path),
    durationMs,
    failed,
  })
  const failed = after.status === FAILED
  const measured = finished(before.clock, after.clock, event, failed).map(([path, ms]) => of(path, ms, false))
  if (event.type === 'task-failed') measured.push(of(event.path, 0, true))
  if (before.endedAt === null && after.status === COMPLETED)
    measured.push(of('', Date.parse(after.updatedAt) - Date.parse(after.startedAt), false))
  return measured
}
