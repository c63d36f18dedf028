/** Hours that are over: many small pieces become one, and minutes and hours are made of it. */
import type { Sql } from '@pitcrew/database'
import { mergeHour, replaceHour } from '../../domain/history/roll-up.ts'
import type { VehicleHour } from '../../handlers/history/ports.ts'

const loose = `
  select vehicle_id as "vehicleId", hour from ingest.history_readings
  where loose and partition = $1 and hour < $2 group by 1, 2 order by hour, vehicle_id limit $3`

const pieces = `
  select part, content from ingest.history_readings where vehicle_id = $1 and hour = $2 order by part`

const replace = `
  insert into ingest.history_readings (vehicle_id, hour, partition, loose, content) values ($1, $2, $3, false, $4)`

const storeRollup = `
  insert into ingest.history_rollup (level, vehicle_id, slot, content) values ($1, $2, $3, $4)
  on conflict (level, vehicle_id, slot) do update set content = excluded.content`

export const looseHours = (sql: Sql, partition: number, beforeHour: number, limit: number): Promise<VehicleHour[]> =>
  sql.query<VehicleHour>(loose, [partition, beforeHour, limit])

export async function mergeHours(tx: Sql, partition: number, hours: readonly VehicleHour[]): Promise<void> {
  for (const one of hours) await mergeOne(tx, partition, one)
}

async function mergeOne(tx: Sql, partition: number, { vehicleId, hour }: VehicleHour): Promise<void> {
  const found = await tx.query<{ part: number; content: Uint8Array }>(pieces, [vehicleId, hour])
  if (found.length === 0) return
  const { content, minutes } = mergeHour(found.map((piece) => piece.content))
  const parts = found.map(({ part }) => part)
  await tx.query(
    'delete from ingest.history_readings where vehicle_id = $1 and hour = $2 and part = any($3::bigint[])',
    [vehicleId, hour, parts],
  )
  await tx.query(replace, [vehicleId, hour, partition, content])
  await tx.query(storeRollup, ['minute', vehicleId, hour, minutes])
  const day = Math.floor(hour / 24)
  const [row] = await tx.query<{ content: Uint8Array }>(
    `select content from ingest.history_rollup where level = 'hour' and vehicle_id = $1 and slot = $2`,
    [vehicleId, day],
  )
  await tx.query(storeRollup, ['hour', vehicleId, day, replaceHour(row?.content, hour, content)])
}
