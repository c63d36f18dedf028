import type { Database } from '@pitcrew/database'
import { dayMs, hourMs, type Level } from '../../domain/history/level.ts'

/** Rows of one statement: none holds the database, or its one connection, for long. */
const atOnce = 2_000

const sweepReadings = `
  delete from ingest.history_readings where (vehicle_id, hour, part) in
    (select vehicle_id, hour, part from ingest.history_readings where hour < $1 order by hour limit $2) returning 1`

const sweepRollups = `
  delete from ingest.history_rollup where (level, vehicle_id, slot) in
    (select level, vehicle_id, slot from ingest.history_rollup where level = $1 and slot < $2 order by slot limit $3) returning 1`

export async function sweep(database: Database, before: Record<Level, number>): Promise<void> {
  await repeat(() => database.query(sweepReadings, [Math.floor(before.raw / hourMs), atOnce]))
  await repeat(() => database.query(sweepRollups, ['minute', Math.floor(before.minute / hourMs), atOnce]))
  await repeat(() => database.query(sweepRollups, ['hour', Math.floor(before.hour / dayMs), atOnce]))
}

async function repeat(statement: () => Promise<unknown[]>): Promise<void> {
  while ((await statement()).length === atOnce);
}
