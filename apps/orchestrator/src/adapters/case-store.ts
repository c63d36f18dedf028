import type { workflow } from '@pitcrew/contracts'
import type { Database, Sql } from '@pitcrew/database'
import type { Json } from '@pitcrew/workflow'
import type { CaseRow } from '../domain/case-row.ts'

export interface Change {
  row: CaseRow
  transition: workflow.Transition
  /** Inputs and outputs, with the last transition. */
  outputs?: { [path: string]: Json }
}

export interface CaseFilter {
  phases: workflow.Phase[]
  vehicleId: string
  limit: number
}

const columns = `case_id as "caseId", vehicle_id as "vehicleId", system, urgency, phase, status, priority, outcome,
  opened_at as "openedAt", updated_at as "updatedAt", ended_at as "endedAt", progress, detail, revision, trace, engaged, scheduled`

export class CaseStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * Takes in one frame. The same frame may come again; an older transition never replaces a newer one. The trace stays the
   * one that opened the case.
   */
  async apply(changes: Change[]): Promise<void> {
    await this.#database.transaction(async (tx) => {
      for (const change of changes) {
        await saveCase(tx, change)
        await saveTransition(tx, change.row.caseId, change.transition)
      }
    })
  }

  async list({ phases, vehicleId, limit }: CaseFilter): Promise<CaseRow[]> {
    return this.#database.query<CaseRow>(
      `select ${columns} from orchestrator.vehicle_case
       where (cardinality($1::text[]) = 0 or phase = any($1::text[])) and ($2 = '' or vehicle_id = $2)
       order by updated_at desc, case_id limit $3`,
      [phases, vehicleId, limit],
    )
  }

  async get(caseId: string): Promise<(CaseRow & { outputs: { [path: string]: Json } | null }) | undefined> {
    const [row] = await this.#database.query<CaseRow & { outputs: { [path: string]: Json } | null }>(
      `select ${columns}, outputs from orchestrator.vehicle_case where case_id = $1`,
      [caseId],
    )
    return row
  }

  async history(caseId: string): Promise<workflow.Transition[]> {
    return this.#database.query<workflow.Transition>(
      'select number, at, event, node, phase, status, agent, detail from orchestrator.transition where case_id = $1 order by number',
      [caseId],
    )
  }

  /** M6, L11. */
  async statistics(): Promise<workflow.GetStatisticsResponse> {
    const [totals] = await this.#database.query<Omit<workflow.GetStatisticsResponse, 'byPhase' | 'errors'>>(`
      select count(*) as total,
        count(*) filter (where ended_at is null) as active,
        count(*) filter (where status = 'WORKFLOW_STATUS_COMPLETED') as completed,
        count(*) filter (where status = 'WORKFLOW_STATUS_FAILED') as failed,
        count(*) filter (where status = 'WORKFLOW_STATUS_CANCELLED') as cancelled,
        count(*) filter (where priority = 1 and engaged) as "urgentHandled",
        count(*) filter (where engaged) as "customersEngaged",
        count(*) filter (where scheduled) as "appointmentsScheduled",
        coalesce(avg(extract(epoch from ended_at - opened_at)) filter (where status = 'WORKFLOW_STATUS_COMPLETED'), 0)::float8
          as "averageCompletionSeconds"
      from orchestrator.vehicle_case`)
    const phases = await this.#database.query<{ phase: string; cases: number }>(
      'select phase, count(*) as cases from orchestrator.vehicle_case group by phase',
    )
    const [failed] = await this.#database.query<{ errors: number }>(
      `select count(*) as errors from orchestrator.transition where event = 'task-failed'`,
    )
    const byPhase = Object.fromEntries(phases.map(({ phase, cases }) => [phase.replace(/^PHASE_/, ''), cases]))
    return {
      ...(totals as Omit<workflow.GetStatisticsResponse, 'byPhase' | 'errors'>),
      byPhase,
      errors: failed?.errors ?? 0,
    }
  }
}

async function saveCase(tx: Sql, { row, outputs }: Change): Promise<void> {
  await tx.query(
    `insert into orchestrator.vehicle_case (case_id, vehicle_id, system, urgency, phase, status, priority, outcome, opened_at,
       updated_at, ended_at, progress, detail, revision, trace, engaged, scheduled, outputs)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
     on conflict (case_id) do update set urgency = excluded.urgency, phase = excluded.phase, status = excluded.status,
       priority = excluded.priority, outcome = excluded.outcome, updated_at = excluded.updated_at, ended_at = excluded.ended_at,
       progress = excluded.progress, detail = excluded.detail, revision = excluded.revision,
       engaged = excluded.engaged, scheduled = excluded.scheduled, outputs = excluded.outputs
     where vehicle_case.revision < excluded.revision`,
    [
      row.caseId,
      row.vehicleId,
      row.system,
      row.urgency,
      row.phase,
      row.status,
      row.priority,
      row.outcome,
      row.openedAt,
      row.updatedAt,
      row.endedAt,
      row.progress,
      row.detail,
      row.revision,
      row.trace,
      row.engaged,
      row.scheduled,
      outputs === undefined ? null : JSON.stringify(outputs),
    ],
  )
}

async function saveTransition(tx: Sql, caseId: string, one: workflow.Transition): Promise<void> {
  await tx.query(
    `insert into orchestrator.transition (case_id, number, at, event, node, phase, status, agent, detail)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    [caseId, one.number, one.at, one.event, one.node, one.phase, one.status, one.agent, one.detail],
  )
}
