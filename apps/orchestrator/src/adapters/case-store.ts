/** Cases among the workflows, as the product's API asks for them. */
import type { workflow } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import { phaseName } from '../domain/case-row.ts'
import type { Found } from '../domain/workflow-message.ts'
import type { WorkflowRow } from '../domain/workflow-row.ts'
import { selected } from './workflow-columns.ts'

export interface CaseFilter {
  phases: workflow.Phase[]
  vehicleId: string
  limit: number
}

export class CaseStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async list({ phases, vehicleId, limit }: CaseFilter): Promise<WorkflowRow[]> {
    return this.#database.query<WorkflowRow>(
      `select ${selected} from orchestrator.vehicle_case
       where (cardinality($1::text[]) = 0 or phase = any($1::text[])) and ($2 = '' or vehicle_id = $2)
       order by updated_at desc, workflow_id limit $3`,
      [phases.map(phaseName), vehicleId, limit],
    )
  }

  async get(caseId: string): Promise<Found | undefined> {
    const [found] = await this.#database.query<WorkflowRow & { archived: boolean }>(
      `select ${selected}, archived from orchestrator.vehicle_case where workflow_id = $1`,
      [caseId],
    )
    if (!found) return undefined
    const { archived, ...row } = found
    return { row, archived }
  }

  /** M6, L11. */
  async statistics(): Promise<workflow.GetStatisticsResponse> {
    const [totals] = await this.#database.query<Omit<workflow.GetStatisticsResponse, 'byPhase'>>(`
      select count(*) as total,
        count(*) filter (where ended_at is null) as active,
        count(*) filter (where status = 'WORKFLOW_STATUS_COMPLETED') as completed,
        count(*) filter (where status = 'WORKFLOW_STATUS_FAILED') as failed,
        count(*) filter (where status = 'WORKFLOW_STATUS_CANCELLED') as cancelled,
        count(*) filter (where priority = 1 and engaged) as "urgentHandled",
        count(*) filter (where engaged) as "customersEngaged",
        count(*) filter (where scheduled) as "appointmentsScheduled",
        coalesce(sum(errors), 0) as errors,
        coalesce(avg(extract(epoch from ended_at - started_at)) filter (where status = 'WORKFLOW_STATUS_COMPLETED'), 0)::float8
          as "averageCompletionSeconds"
      from orchestrator.vehicle_case`)
    const phases = await this.#database.query<{ phase: string; cases: number }>(
      'select phase, count(*) as cases from orchestrator.vehicle_case group by phase',
    )
    const byPhase = Object.fromEntries(phases.map(({ phase, cases }) => [phase, cases]))
    return { ...(totals as Omit<workflow.GetStatisticsResponse, 'byPhase'>), byPhase }
  }
}
