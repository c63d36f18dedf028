import type { manufacturing } from '@pitcrew/contracts'
import type { Database, Sql } from '@pitcrew/database'
import { Terminal } from '@pitcrew/errors'
import { close, contain, type Capa } from '../domain/capa.ts'
import type { CapaKey } from '../domain/capa-rule.ts'
import { reportOf, type CapaFacts } from '../domain/eight-d.ts'
import { measureImpact, type Impact } from '../domain/impact.ts'
import { rankRootCauses } from '../domain/root-cause.ts'
import { daysPerMonth } from '../domain/time-in-service.ts'
import { cellsOf } from './exposure.ts'
import { capaFrom, failureFrom, type CapaRow, type FailureRow } from './rows.ts'

/** Joins the open CAPA of the key or opens one; safe against another instance doing the same now. */
export async function joinOrOpen(tx: Sql, key: CapaKey, at: string): Promise<{ capaId: string; opened: boolean }> {
  const names = [key.component, key.failureMode, key.model]
  const [opened] = await tx.query<{ capa_id: string }>(
    `insert into manufacturing.capa (capa_id, component, failure_mode, model, status, opened_at, recurrence_of)
     select 'CAPA-' || lpad(nextval('manufacturing.capa_number')::text, 5, '0'), $1, $2, $3, 'open', $4::timestamptz,
       coalesce((select capa_id from manufacturing.capa where component = $1 and failure_mode = $2 and model = $3
                 order by opened_at desc limit 1), '')
     where not exists (select from manufacturing.capa
                       where component = $1 and failure_mode = $2 and model = $3 and status <> 'closed')
     on conflict (component, failure_mode, model) where status <> 'closed' do nothing
     returning capa_id`,
    [...names, at],
  )
  if (opened !== undefined) return { capaId: opened.capa_id, opened: true }
  const [existing] = await tx.query<{ capa_id: string }>(
    `select capa_id from manufacturing.capa
     where component = $1 and failure_mode = $2 and model = $3 and status <> 'closed' for update`,
    names,
  )
  return { capaId: existing!.capa_id, opened: false }
}

/** The report as of `now` (ISO). Terminal NOT_FOUND. */
export async function capaReport(sql: Sql, capaId: string, now: string): Promise<manufacturing.Capa> {
  return reportOf(await capaFacts(sql, await readCapa(sql, capaId), now))
}

export async function listCapas(sql: Sql, limit: number, now: string): Promise<manufacturing.Capa[]> {
  const rows = await sql.query<CapaRow>(
    'select * from manufacturing.capa order by opened_at desc, capa_id desc limit $1',
    [limit],
  )
  const reports: manufacturing.Capa[] = []
  for (const row of rows) reports.push(reportOf(await capaFacts(sql, capaFrom(row), now)))
  return reports
}

export async function containCapa(database: Database, capaId: string, action: string, at: string): Promise<void> {
  await database.transaction(async (tx) => {
    const contained = contain(await readCapa(tx, capaId, 'for update'), { at, action })
    await tx.query(`update manufacturing.capa set status = 'contained', containment = $2::jsonb where capa_id = $1`, [
      capaId,
      JSON.stringify(contained.containment),
    ])
  })
}

/** Terminal CAPA_NOT_VERIFIED when the gate of D8 is not passed. */
export async function closeCapa(database: Database, capaId: string, fmeaReference: string, at: string): Promise<void> {
  await database.transaction(async (tx) => {
    const capa = await readCapa(tx, capaId, 'for update')
    const effectiveness = (await impactOf(tx, capa, at)) ?? measureImpact(nothing, nothing)
    const { closure } = close(capa, { at, effectiveness, fmeaReference })
    await tx.query(`update manufacturing.capa set status = 'closed', closure = $2::jsonb where capa_id = $1`, [
      capaId,
      JSON.stringify(closure),
    ])
  })
}

const nothing = { failures: 0, vehicleMonths: 0 }

async function readCapa(sql: Sql, capaId: string, lock: '' | 'for update' = ''): Promise<Capa> {
  const [row] = await sql.query<CapaRow>(`select * from manufacturing.capa where capa_id = $1 ${lock}`, [capaId])
  if (row !== undefined) return capaFrom(row)
  throw new Terminal('NOT_FOUND', `there is no CAPA ${capaId}`, { hint: 'list the CAPAs to see their ids' })
}

async function capaFacts(sql: Sql, capa: Capa, now: string): Promise<CapaFacts> {
  const failures = await sql.query<FailureRow>('select * from manufacturing.failure where capa_id = $1 order by at', [
    capa.capaId,
  ])
  const cells = await cellsOf(sql, capa)
  return {
    capa,
    failures: failures.map(failureFrom),
    vehicles: cells.filter(({ model }) => model === capa.model).reduce((sum, { vehicles }) => sum + vehicles, 0),
    factors: rankRootCauses(cells),
    impact: await impactOf(sql, capa, now),
  }
}

async function impactOf(sql: Sql, capa: Capa, now: string): Promise<Impact | undefined> {
  if (capa.status === 'open') return undefined
  const boundary = capa.containment.at
  const secondsPerMonth = daysPerMonth * 86_400
  const [exposure] = await sql.query<{ before: number; after: number }>(
    `select coalesce(sum(greatest(0, extract(epoch from $2::timestamptz - since))), 0)::float8 / $4::float8 as before,
            coalesce(sum(greatest(0, extract(epoch from $3::timestamptz - greatest(since, $2::timestamptz)))), 0)::float8 / $4::float8 as after
     from (select greatest(observed_from, start_of_service::timestamptz) as since from manufacturing.vehicle where model = $1) v`,
    [capa.model, boundary, now, secondsPerMonth],
  )
  const [failures] = await sql.query<{ before: number; after: number }>(
    `select count(*) filter (where at < $4::timestamptz)::int as before, count(*) filter (where at >= $4::timestamptz)::int as after
     from manufacturing.failure
     where verdict = 'confirmed' and component = $1 and failure_mode = $2 and model = $3 and at <= $5::timestamptz`,
    [capa.component, capa.failureMode, capa.model, boundary, now],
  )
  return measureImpact(
    { failures: failures!.before, vehicleMonths: exposure!.before },
    { failures: failures!.after, vehicleMonths: exposure!.after },
  )
}
