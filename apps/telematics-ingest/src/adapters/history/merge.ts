/** Hours that are over: many small pieces become one, and minutes and hours are made of it. */
import type { Database, Sql } from '@pitcrew/database'
import { Retryable } from '@pitcrew/errors'
import { mergeHour, replaceHour } from '../../domain/history/roll-up.ts'
import { encodeRollup } from '../../domain/history/rollup.ts'
import type { Lease, VehicleHour } from '../../handlers/history/ports.ts'

const loose = `
  select vehicle_id as "vehicleId", hour from ingest.history_readings
  where loose and partition = $1 and hour < $2 group by 1, 2 order by hour, vehicle_id limit $3`

const pieces = `
  select part, content from ingest.history_readings where vehicle_id = $1 and hour = $2 order by part`

const replace = `
  insert into ingest.history_readings (vehicle_id, hour, partition, loose, content) values ($1, $2, $3, false, $4)`

const take = `
  delete from ingest.history_readings where vehicle_id = $1 and hour = $2 and part = any($3::bigint[]) returning 1`

const dayRow = `select content from ingest.history_rollup where level = 'hour' and vehicle_id = $1 and slot = $2`

const storeRollup = `
  insert into ingest.history_rollup (level, vehicle_id, slot, content) values ($1, $2, $3, $4)
  on conflict (level, vehicle_id, slot) do update set content = excluded.content`

export const looseHours = (sql: Sql, partition: number, beforeHour: number, limit: number): Promise<VehicleHour[]> =>
  sql.query<VehicleHour>(loose, [partition, beforeHour, limit])

/**
 * Readings are decoded and merged before the transaction, which then is short: it finds the pieces that were read, all of
 * them and nothing else gone, or fails. Nobody else writes the day's row: only the holder of the partition merges.
 */
export async function mergeHourOf(
  database: Database,
  lease: Lease,
  { vehicleId, hour }: VehicleHour,
  holdEpoch: (tx: Sql, lease: Lease) => Promise<void>,
): Promise<void> {
  const found = await database.query<{ part: number; content: Uint8Array }>(pieces, [vehicleId, hour])
  if (found.length === 0) return
  const day = Math.floor(hour / 24)
  const [row] = await database.query<{ content: Uint8Array }>(dayRow, [vehicleId, day])
  const { content, minutes } = mergeHour(found.map((piece) => piece.content))
  const rolled = { minute: encodeRollup(minutes), hour: replaceHour(row?.content, hour, minutes) }
  const parts = found.map(({ part }) => part)
  await database.transaction(async (tx) => {
    await holdEpoch(tx, lease)
    const taken = await tx.query(take, [vehicleId, hour, parts])
    if (taken.length !== parts.length)
      throw new Retryable('HISTORY_MOVED', `readings of ${vehicleId} were merged or dropped meanwhile`)
    await tx.query(replace, [vehicleId, hour, lease.partition, content])
    await tx.query(storeRollup, ['minute', vehicleId, hour, rolled.minute])
    await tx.query(storeRollup, ['hour', vehicleId, day, rolled.hour])
  })
}
