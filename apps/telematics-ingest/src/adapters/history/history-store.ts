/**
 * History in SQL. Invariants:
 * 1. A partition's position and what was read up to it are written in one transaction, which is the first to touch the
 *    position's row and finds it as the writer left it: a frame is in history once, however often it is delivered.
 * 2. Every write of a partition holds its row: after another instance has claimed the partition, it fails.
 * 3. The readings of an hour and its rollups change together; loose readings are in no rollup.
 */
import type { Database, Sql } from '@pitcrew/database'
import { Cancelled, Retryable } from '@pitcrew/errors'
import type { Segment } from '../../domain/history/readings.ts'
import type { HistoryStore, Lease, Position } from '../../handlers/history/ports.ts'
import { looseHours, mergeHourOf } from './merge.ts'
import { readPieces } from './read.ts'
import { sweep } from './sweep.ts'

const claim = `
  insert into ingest.history_partition as p (partition, epoch) values ($1, $2)
  on conflict (partition) do update set epoch = excluded.epoch where p.epoch <= excluded.epoch
  returning 1`

const move = `
  update ingest.history_partition set sequence = $3, vehicle_id = $4
  where partition = $1 and epoch = $2 and sequence = $5 returning 1`

/** All contents in one value: an array of byte strings is text to some drivers, at twice the size. */
const insert = `
  insert into ingest.history_readings (vehicle_id, hour, partition, loose, content)
  select vehicle_id, hour, $1, true, substring($6::bytea from start for length)
  from unnest($2::text[], $3::int[], $4::int[], $5::int[]) as given (vehicle_id, hour, start, length)`

const nameSignals = `
  insert into ingest.history_signal (path) select unnest($1::text[]) order by 1 on conflict (path) do nothing`

export function historyStore(database: Database): HistoryStore {
  const numbers = new Map<string, number>()
  return {
    async claim({ partition, epoch }) {
      if ((await database.query(claim, [partition, epoch])).length > 0) return
      throw new Retryable('STALE_EPOCH', `partition ${partition} has been claimed in a later epoch than ${epoch}`, {
        hint: 'another instance holds it; after the broker lost its leases, epochs catch up by themselves',
      })
    },
    async position(partition) {
      const sql = 'select sequence, vehicle_id as "vehicleId" from ingest.history_partition where partition = $1'
      const [position] = await database.query<Position>(sql, [partition])
      return position ?? { sequence: 0, vehicleId: '' }
    },
    async signals(paths) {
      const unknown = paths.filter((path) => !numbers.has(path))
      if (unknown.length > 0) await learn(database, numbers, unknown)
      return numbers
    },
    async paths() {
      const sql = 'select signal, path from ingest.history_signal'
      const rows = await database.query<{ signal: number; path: string }>(sql)
      return new Map(rows.map(({ signal, path }) => [signal, path]))
    },
    async append(lease, { from, to }, segments) {
      const { partition, epoch } = lease
      await database.transaction(async (tx) => {
        const moved = await tx.query(move, [partition, epoch, to.sequence, to.vehicleId, from.sequence])
        if (moved.length === 0) await refuseMove(tx, lease, from)
        if (segments.length > 0) await tx.query(insert, [partition, ...packed(segments)])
      })
    },
    looseHours: (partition, beforeHour, limit) => looseHours(database, partition, beforeHour, limit),
    merge: (lease, hour) => mergeHourOf(database, lease, hour, holdEpoch),
    read: (vehicleId, level, range) => readPieces(database, vehicleId, level, range),
    sweep: (before) => sweep(database, before),
  }
}

async function learn(database: Database, numbers: Map<string, number>, paths: readonly string[]): Promise<void> {
  await database.query(nameSignals, [paths])
  const sql = 'select path, signal from ingest.history_signal where path = any($1::text[])'
  for (const { path, signal } of await database.query<{ path: string; signal: number }>(sql, [paths]))
    numbers.set(path, signal)
}

async function refuseMove(tx: Sql, lease: Lease, { sequence }: Position): Promise<never> {
  await holdEpoch(tx, lease)
  throw new Retryable('HISTORY_MOVED', `partition ${lease.partition} does not stand at sequence ${sequence}`, {
    hint: 'the last write was made although its answer was lost; it goes on from there',
  })
}

/** A claim waits for this lock, and what comes after the claim no longer finds its epoch. */
async function holdEpoch(tx: Sql, { partition, epoch }: Lease): Promise<void> {
  const sql = 'select 1 from ingest.history_partition where partition = $1 and epoch = $2 for share'
  if ((await tx.query(sql, [partition, epoch])).length > 0) return
  throw new Cancelled('FENCED', `another instance has claimed partition ${partition} since epoch ${epoch}`)
}

function packed(segments: readonly Segment[]): unknown[] {
  let start = 1 // of substring in SQL
  const starts = segments.map(({ content }) => (start += content.length) - content.length)
  return [
    segments.map(({ vehicleId }) => vehicleId),
    segments.map(({ hour }) => hour),
    starts,
    segments.map(({ content }) => content.length),
    Buffer.concat(segments.map(({ content }) => content)),
  ]
}
