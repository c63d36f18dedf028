/**
 * C5: workflows that ended are kept whole for a while, then in the archive, then not at all. Each step is bounded and passes
 * over what another instance is at (`skip locked`), so that any number of instances may tidy up at once.
 */
import type { Database, Sql } from '@pitcrew/database'
import { names } from './workflow-schema.ts'

const all = names.join(', ')

export interface Retention {
  /** After the end of a workflow, until it is archived. */
  keepMs: number
  /** From there on, until it is forgotten. */
  archiveMs: number
}

export interface Tidied {
  archived: number
  purged: number
}

/** One bounded step. */
export async function tidy(
  database: Database,
  { keepMs, archiveMs }: Retention,
  now: number,
  most = 200,
): Promise<Tidied> {
  const [moved] = await database.query<{ count: number }>(
    `with due as (
       select workflow_id from orchestrator.workflow where ended_at < $1
       order by ended_at limit $2 for update skip locked
     ), moved as (
       delete from orchestrator.workflow w using due where w.workflow_id = due.workflow_id returning w.*
     ), steps as (
       delete from orchestrator.transition t using due where t.workflow_id = due.workflow_id returning t.*
     ), histories as (
       select workflow_id, jsonb_agg(to_jsonb(steps) order by number) as history from steps group by workflow_id
     ), kept as (
       insert into orchestrator.workflow_archive (${all}, archived_at, history)
       select ${names.map((name) => `moved.${name}`).join(', ')}, $3, coalesce(history, '[]')
       from moved left join histories using (workflow_id)
       returning 1
     ) select count(*) as count from kept`,
    [new Date(now - keepMs).toISOString(), most, new Date(now).toISOString()],
  )
  const [purged] = await database.query<{ count: number }>(
    `with due as (
       select workflow_id from orchestrator.workflow_archive where archived_at < $1
       order by archived_at limit $2 for update skip locked
     ), gone as (
       delete from orchestrator.workflow_archive a using due where a.workflow_id = due.workflow_id returning a.workflow_id
     ), judged as (
       delete from orchestrator.evaluation e using gone where e.workflow_id = gone.workflow_id
     ) select count(*) as count from gone`,
    [new Date(now - archiveMs).toISOString(), most],
  )
  return { archived: moved?.count ?? 0, purged: purged?.count ?? 0 }
}

/** How many workflows have a step ahead of them now: to the archive, or out of it. */
export async function due(database: Database, { keepMs, archiveMs }: Retention, now: number): Promise<number> {
  const [counted] = await database.query<{ count: number }>(
    `select (select count(*) from orchestrator.workflow where ended_at < $1)
       + (select count(*) from orchestrator.workflow_archive where archived_at < $2) as count`,
    [new Date(now - keepMs).toISOString(), new Date(now - archiveMs).toISOString()],
  )
  return counted?.count ?? 0
}

/** A failed workflow that a person takes up again comes back from the archive. Gives the ids of those that came. */
export async function bringBack(tx: Sql, ids: readonly string[]): Promise<string[]> {
  const back = await tx.query<{ id: string }>(
    `with back as (
       delete from orchestrator.workflow_archive where workflow_id = any($1::text[]) returning *
     ), steps as (
       insert into orchestrator.transition
       select r.* from back, jsonb_populate_recordset(null::orchestrator.transition, back.history) as r
       on conflict do nothing
     )
     insert into orchestrator.workflow (${all}) select ${all} from back on conflict do nothing returning workflow_id as id`,
    [ids],
  )
  return back.map(({ id }) => id)
}
