/** F9: finds workflows by what is known of them, newest start first, page by page. */
import { engine } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import { Terminal } from '@pitcrew/errors'
import { priorityNumber } from '../domain/priority.ts'
import type { Found } from '../domain/workflow-message.ts'
import type { WorkflowRow } from '../domain/workflow-row.ts'
import { selected } from './workflow-columns.ts'

export type Filter = engine.WorkflowFilter

export const everything: Filter = engine.WorkflowFilter.fromPartial({})

/** Conditions over a workflow's columns, with their parameters. */
class Conditions {
  readonly params: unknown[] = []
  readonly #all: string[] = []

  /** @param sql with ? where the value goes */
  and(sql: string, value: unknown): void {
    this.params.push(value)
    this.#all.push(sql.replaceAll('?', `$${this.params.length}`))
  }

  get where(): string {
    return this.#all.length === 0 ? 'true' : this.#all.join(' and ')
  }
}

export function conditionsOf(filter: Filter): Conditions {
  const found = new Conditions()
  const among: [string, unknown[]][] = [
    ['workflow_id', filter.workflowIds],
    ['definition', filter.definitions],
    ['status', filter.statuses],
    ['phase', filter.phases],
    ['priority', filter.priorities.map(priorityNumber)],
    ['urgency', filter.urgencies],
    ['outcome', filter.outcomes],
  ]
  for (const [column, values] of among) if (values.length > 0) found.and(`${column} = any(?)`, values)
  if (filter.vehicleId) found.and('vehicle_id = ?', filter.vehicleId)
  if (filter.parentId) found.and('parent_id = ?', filter.parentId)
  if (filter.attributes) found.and('attributes @> ?::jsonb', JSON.stringify(filter.attributes))
  if (filter.startedFrom) found.and('started_at >= ?', filter.startedFrom)
  if (filter.startedBefore) found.and('started_at < ?', filter.startedBefore)
  if (filter.endedFrom) found.and('ended_at >= ?', filter.endedFrom)
  if (filter.endedBefore) found.and('ended_at < ?', filter.endedBefore)
  const words = lexemes(filter.text)
  if (words) found.and(`words @@ to_tsquery('simple', ?)`, words)
  return found
}

/**
 * Every word, or its beginning, has to occur. Each is quoted, so that nothing in it is taken for an operator, and is then cut
 * up by the same parser that cut up what is searched.
 */
export function lexemes(text: string): string {
  return text
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .map((word) => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}':*`)
    .join(' & ')
}

export interface Page {
  found: Found[]
  /** '' on the last one. */
  next: string
}

export async function searchWorkflows(database: Database, filter: Filter, limit: number, cursor = ''): Promise<Page> {
  const conditions = conditionsOf(filter)
  if (cursor)
    conditions.and(
      '(started_at, workflow_id) < (select * from jsonb_to_record(?::jsonb) as r(at timestamptz, id text))',
      decode(cursor),
    )
  const rows = await database.query<WorkflowRow & { archived: boolean }>(
    `select ${selected}, ${filter.archived ? 'archived' : 'false as archived'}
     from orchestrator.${filter.archived ? 'every_workflow' : 'workflow'}
     where ${conditions.where} order by started_at desc, workflow_id desc limit ${limit + 1}`,
    conditions.params,
  )
  const found = rows.slice(0, limit).map(({ archived, ...row }) => ({ row, archived }))
  const last = found.at(-1)
  return { found, next: rows.length > limit && last ? encode(last.row) : '' }
}

/** Approvals that somebody is waited for, the most urgent first, then the longest waiting. */
export async function workflowsAsking(
  database: Database,
  workflowId: string,
  approvers: string,
  limit: number,
): Promise<WorkflowRow[]> {
  return database.query<WorkflowRow>(
    `select ${selected} from orchestrator.workflow
     where approvals <> '[]' and ($1 = '' or workflow_id = $1)
       and ($2 = '' or approvals @> jsonb_build_array(jsonb_build_object('approvers', $2::text)))
     order by priority, approvals -> 0 ->> 'since', workflow_id limit $3`,
    [workflowId, approvers, limit],
  )
}

const encode = ({ startedAt, workflowId }: WorkflowRow): string =>
  Buffer.from(JSON.stringify({ at: startedAt, id: workflowId })).toString('base64url')

function decode(cursor: string): string {
  try {
    const { at, id } = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as { at: unknown; id: unknown }
    if (typeof at === 'string' && typeof id === 'string' && !Number.isNaN(Date.parse(at)))
      return JSON.stringify({ at, id })
  } catch {
    // Said below, as for any other text that is none of ours.
  }
  throw new Terminal('BAD_CURSOR', 'the cursor is none, expected `next` of the page before', {
    hint: 'begin again without a cursor',
  })
}
