import type { manufacturing } from '@pitcrew/contracts'
import type { Sql } from '@pitcrew/database'
import { toRootCause } from '../domain/eight-d.ts'
import { failuresPerThousandVehicles } from '../domain/impact.ts'
import { componentLevels, defaultRanking, rankRootCauses } from '../domain/root-cause.ts'
import { cellsOf } from './exposure.ts'

/** Rows of the ranking that a summary shows. */
const rootCausesShown = 10

interface Totals {
  failures: number
  confirmed: number
  hits: number
  average_rating: number | null
  open_capas: number
}

/** Quality tracking (L7): rates count confirmed failures; the hit rate is over those that the workshop named. */
export async function summarise(sql: Sql): Promise<manufacturing.GetSummaryResponse> {
  const [totals] = await sql.query<Totals>(
    `select count(*)::int as failures,
            count(*) filter (where verdict = 'confirmed')::int as confirmed,
            count(*) filter (where verdict = 'confirmed' and failure_mode = predicted_failure_mode)::int as hits,
            avg(rating) filter (where rating > 0)::float8 as average_rating,
            (select count(*) from manufacturing.capa where status <> 'closed')::int as open_capas
     from manufacturing.failure`,
  )
  const byComponent = await sql.query<{ component: string; failure_mode: string; failures: number }>(
    `select component, failure_mode, count(*)::int as failures from manufacturing.failure
     where verdict = 'confirmed' group by 1, 2 order by 3 desc, 1, 2`,
  )
  const failedByComponent = await sql.query<{ component: string; failed: number }>(
    `select component, count(distinct vehicle_id)::int as failed from manufacturing.failure where verdict = 'confirmed' group by 1`,
  )
  const cells = await cellsOf(sql)
  const vehicles = cells.reduce((sum, cell) => sum + cell.vehicles, 0)
  const { failures, confirmed, hits, average_rating: rating, open_capas: openCapas } = totals!
  return {
    vehicles,
    failures,
    openCapas,
    failuresPer1000Vehicles: failuresPerThousandVehicles(confirmed, vehicles),
    diagnosisHitRate: confirmed > 0 ? hits / confirmed : 0,
    averageRating: rating ?? 0,
    byComponent: byComponent.map(({ component, failure_mode: failureMode, failures: n }) => ({
      component,
      failureMode,
      failures: n,
    })),
    rootCauses: rankRootCauses(cells, defaultRanking, componentLevels(failedByComponent, vehicles))
      .slice(0, rootCausesShown)
      .map(toRootCause),
  }
}
