/** Between a workflow's row in SQL and in the program. */
import type { Sql } from '@pitcrew/database'
import type { WorkflowRow } from '../domain/workflow-row.ts'
import { names } from './workflow-schema.ts'

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** `workflow_id as "workflowId", definition as "definition", ...` */
export const selected = names.map((name) => `${name} as "${camel(name)}"`).join(', ')

const types: Record<string, string> = {
  version: 'int',
  priority: 'int',
  progress: 'int',
  errors: 'int',
  retries: 'int',
  revision: 'bigint',
  started_at: 'timestamptz',
  updated_at: 'timestamptz',
  ended_at: 'timestamptz',
  attributes: 'jsonb',
  failure: 'jsonb',
  active: 'jsonb',
  clock: 'jsonb',
  approvals: 'jsonb',
  outputs: 'jsonb',
  output: 'jsonb',
}
const recordset = names.map((name) => `"${camel(name)}" ${types[name] ?? 'text'}`).join(', ')
const values = names.map((name) => `"${camel(name)}"`).join(', ')
const replaced = names
  .filter((name) => name !== 'workflow_id' && name !== 'started_at' && name !== 'definition')
  .map((name) => `${name} = excluded.${name}`)
  .join(', ')

/** All in one statement, in the order of their ids so that no two writers wait for each other. V2: never an older one. */
export async function saveRows(tx: Sql, rows: readonly WorkflowRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.query(
    `insert into orchestrator.workflow (${names.join(', ')})
     select ${values} from jsonb_to_recordset($1::jsonb) as r(${recordset}) order by "workflowId"
     on conflict (workflow_id) do update set ${replaced},
       evaluated = workflow.evaluated and workflow.ended_at is not distinct from excluded.ended_at
     where workflow.revision <= excluded.revision`,
    [JSON.stringify(rows)],
  )
}
