/**
 * F8: evaluates workflows as they end, from their histories, and keeps what came of it. Any number of instances may do so at
 * once: each takes what no other is at (`skip locked`), and reads what the others found into its ledger before it goes on.
 */
import type { Database, Sql } from '@pitcrew/database'
import type { Logger } from '@pitcrew/observability'
import { startLoop, type Loop } from '@pitcrew/service'
import { evaluatedHistory } from '../domain/evaluated-history.ts'
import { EvaluationLedger, type AgentQuality, type Evaluation, type Standing } from '../domain/evaluation/index.ts'
import type { TransitionRow } from '../domain/transition-row.ts'
import type { NodeOf, WorkflowRow } from '../domain/workflow-row.ts'
import { selected } from './workflow-columns.ts'
import { stepColumns } from './workflow-store.ts'

/** In one transaction. */
const batch = 100
const everyMs = 2_000
/** Read from those of others at a time, and after a start. */
const page = 2_000

export class Evaluations {
  readonly #database: Database
  readonly #nodeOf: NodeOf
  readonly #ledger = new EvaluationLedger()
  #seen = 0

  constructor(database: Database, nodeOf: NodeOf) {
    this.#database = database
    this.#nodeOf = nodeOf
  }

  keepUp(logger: Logger): Loop {
    return startLoop({
      name: 'evaluating ended workflows',
      everyMs,
      logger,
      run: async (stopping) => {
        while (!stopping.aborted && (await this.step()) === batch);
      },
    })
  }

  /** Gives how many were evaluated. */
  async step(): Promise<number> {
    await this.#catchUp()
    return this.#database.transaction(async (tx) => {
      const rows = await tx.query<WorkflowRow>(
        `select ${selected} from orchestrator.workflow where ended_at is not null and not evaluated
         order by ended_at limit ${batch} for update skip locked`,
      )
      if (rows.length === 0) return 0
      const ids = rows.map(({ workflowId }) => workflowId)
      const steps = Map.groupBy(await historiesOf(tx, ids), ({ workflowId }) => workflowId)
      const made = rows.flatMap((row) => {
        const history = evaluatedHistory(row, steps.get(row.workflowId) ?? [], this.#nodeOf)
        return history ? this.#ledger.evaluate(history) : []
      })
      await save(tx, made)
      await tx.query('update orchestrator.workflow set evaluated = true where workflow_id = any($1::text[])', [ids])
      return rows.length
    })
  }

  async of(workflowId: string): Promise<Evaluation | undefined> {
    const [found] = await this.#database.query<{ record: Evaluation }>(
      'select record from orchestrator.evaluation where workflow_id = $1',
      [workflowId],
    )
    return found?.record
  }

  /** The newest first. An empty name is all definitions, version 0 all versions. */
  async list(definition: string, version: number, limit: number): Promise<Evaluation[]> {
    const rows = await this.#database.query<{ record: Evaluation }>(
      `select record from orchestrator.evaluation where ($1 = '' or definition = $1) and ($2 = 0 or version = $2)
       order by at desc, number desc limit $3`,
      [definition, version, limit],
    )
    return rows.map(({ record }) => record)
  }

  standing(definition: string, version: number): Standing {
    return this.#ledger.standing(definition, version)
  }

  agents(): AgentQuality[] {
    return this.#ledger.agents()
  }

  /** What others have evaluated; after a start, what a ledger can hold of the past. */
  async #catchUp(): Promise<void> {
    const newest = await this.#database.query<{ number: number; record: Evaluation }>(
      `select number, record from orchestrator.evaluation where number > $1 order by number desc limit ${page}`,
      [this.#seen],
    )
    for (const { number, record } of newest.reverse()) {
      this.#ledger.remember(record)
      this.#seen = number
    }
  }
}

async function historiesOf(tx: Sql, ids: string[]): Promise<TransitionRow[]> {
  return tx.query<TransitionRow>(
    `select workflow_id as "workflowId", ${stepColumns} from orchestrator.transition
     where workflow_id = any($1::text[]) order by workflow_id, number`,
    [ids],
  )
}

async function save(tx: Sql, made: readonly Evaluation[]): Promise<void> {
  if (made.length === 0) return
  await tx.query(
    `insert into orchestrator.evaluation (workflow_id, definition, version, at, grade, score, record)
     select r.record ->> 'workflowId', r.record ->> 'definition', (r.record ->> 'version')::int,
       to_timestamp((r.record ->> 'endedAt')::float8 / 1000), r.record ->> 'grade', (r.record ->> 'score')::float8, r.record
     from jsonb_array_elements($1::jsonb) as r(record) order by 1
     on conflict (workflow_id) do update set at = excluded.at, version = excluded.version, grade = excluded.grade,
       score = excluded.score, record = excluded.record`,
    [JSON.stringify(made)],
  )
}
