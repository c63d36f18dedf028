/** The views of all workflows: what the projection of the log writes, and what is read by id. */
import type { Database, Sql } from '@pitcrew/database'
import { bucketOf } from '../domain/histogram.ts'
import { foldFrame, type FrameChanges, type Measured } from '../domain/fold-frame.ts'
import type { TransitionRow } from '../domain/transition-row.ts'
import type { Found } from '../domain/workflow-message.ts'
import type { NodeOf, WorkflowRow } from '../domain/workflow-row.ts'
import type { Entry } from '@pitcrew/workflow'
import { bringBack } from './archive.ts'
import { KnownRows } from './known-rows.ts'
import { saveRows, selected } from './workflow-columns.ts'

export const stepColumns = `number, at, event, node, phase, status, agent, attempt, detail, code, duration_ms as "durationMs", confidence, decision`

export class WorkflowStore {
  readonly #database: Database
  readonly #last = new KnownRows()

  constructor(database: Database) {
    this.#database = database
  }

  /** Takes in one frame, in a few statements however many entries it has. The same frame may come again. */
  async take(entries: readonly Entry[], nodeOf: NodeOf): Promise<FrameChanges> {
    const changes = await this.#database.transaction(async (tx) => {
      // Of two frames taken in at once, each would fold into what was there before the other.
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('orchestrator.take', 0))`)
      const known = await lock(tx, [...new Set(entries.map(({ id }) => id))], this.#last)
      const changes = foldFrame(entries, known, nodeOf)
      await saveRows(tx, changes.rows)
      await saveTransitions(
        tx,
        changes.steps.map(({ transition }) => transition),
      )
      await saveDurations(tx, changes.measured)
      return changes
    })
    this.#last.keep(changes.rows)
    return changes
  }

  /** Wherever it is kept. */
  async get(workflowId: string): Promise<Found | undefined> {
    const [row] = await this.#database.query<WorkflowRow & { archived: boolean }>(
      `select ${selected}, archived from orchestrator.every_workflow where workflow_id = $1`,
      [workflowId],
    )
    if (!row) return undefined
    const { archived, ...rest } = row
    return { row: rest, archived }
  }

  async history({ row: { workflowId }, archived }: Found, after = 0, limit = 1_000_000): Promise<TransitionRow[]> {
    const from = archived
      ? `(select (jsonb_populate_recordset(null::orchestrator.transition, history)).*
          from orchestrator.workflow_archive where workflow_id = $1)`
      : 'orchestrator.transition'
    return this.#database.query<TransitionRow>(
      `select workflow_id as "workflowId", ${stepColumns} from ${from} as t
       where workflow_id = $1 and number > $2 order by number limit $3`,
      [workflowId, after, limit],
    )
  }

  /** Transitions that record a decision. */
  async decisions({ row: { workflowId }, archived }: Found): Promise<TransitionRow[]> {
    if (archived)
      return (await this.history({ row: { workflowId } as WorkflowRow, archived })).filter(({ decision }) => decision)
    return this.#database.query<TransitionRow>(
      `select workflow_id as "workflowId", ${stepColumns} from orchestrator.transition
       where workflow_id = $1 and decision is not null order by number`,
      [workflowId],
    )
  }

  async children(parentId: string): Promise<string[]> {
    const rows = await this.#database.query<{ id: string }>(
      `select workflow_id as id from orchestrator.every_workflow where parent_id = $1 and parent_id <> ''
       order by started_at, workflow_id limit 1000`,
      [parentId],
    )
    return rows.map(({ id }) => id)
  }
}

/**
 * Holds the rows, so that nobody else changes them meanwhile, and gives them; from the archive too if something happens to
 * them again.
 */
async function lock(tx: Sql, ids: string[], last: KnownRows): Promise<Map<string, WorkflowRow>> {
  const known = new Map<string, WorkflowRow>()
  const unknown: string[] = []
  const held = new Set<string>()
  const hold = async (wanted: string[]): Promise<void> => {
    const rows = await tx.query<{ id: string; revision: number }>(
      `select workflow_id as id, revision from orchestrator.workflow where workflow_id = any($1::text[])
       order by workflow_id for update`,
      [wanted],
    )
    for (const { id, revision } of rows) {
      held.add(id)
      const row = last.at(id, revision)
      if (row) known.set(id, row)
      else unknown.push(id)
    }
  }
  await hold(ids)
  const missing = ids.filter((id) => !held.has(id))
  const back = missing.length > 0 ? await bringBack(tx, missing) : []
  if (back.length > 0) await hold(back)
  if (unknown.length === 0) return known
  const rows = await tx.query<WorkflowRow>(
    `select ${selected} from orchestrator.workflow where workflow_id = any($1::text[])`,
    [unknown],
  )
  for (const row of rows) known.set(row.workflowId, row)
  return known
}

async function saveTransitions(tx: Sql, steps: readonly TransitionRow[]): Promise<void> {
  if (steps.length === 0) return
  await tx.query(
    `insert into orchestrator.transition
       (workflow_id, number, at, event, node, phase, status, agent, attempt, detail, code, duration_ms, confidence, decision)
     select * from jsonb_to_recordset($1::jsonb) as r("workflowId" text, number bigint, at timestamptz, event text, node text,
       phase text, status text, agent text, attempt int, detail text, code text, "durationMs" bigint, confidence float8, decision jsonb)
     on conflict do nothing`,
    [JSON.stringify(steps)],
  )
}

async function saveDurations(tx: Sql, measured: readonly Measured[]): Promise<void> {
  if (measured.length === 0) return
  await tx.query(
    `insert into orchestrator.node_duration (definition, version, node, bucket, runs, total_ms, failures)
     select definition, version, node, bucket, sum(runs), sum(total), sum(failures)
     from jsonb_to_recordset($1::jsonb) as r(definition text, version int, node text, bucket int, runs int, total bigint, failures int)
     group by definition, version, node, bucket order by definition, version, node, bucket
     on conflict (definition, version, node, bucket) do update set runs = node_duration.runs + excluded.runs,
       total_ms = node_duration.total_ms + excluded.total_ms, failures = node_duration.failures + excluded.failures`,
    [
      JSON.stringify(
        measured.map(({ definition, version, node, durationMs, failed }) => ({
          definition,
          version,
          node,
          bucket: failed ? 0 : bucketOf(durationMs),
          runs: failed ? 0 : 1,
          total: failed ? 0 : durationMs,
          failures: failed ? 1 : 0,
        })),
      ),
    ],
  )
}
