/**
 * What a question is answered from. Invariants:
 * 1. The pieces of one step are of one moment: no reading is in two of them, or in none because it was merged meanwhile.
 * 2. An hour with loose readings is answered from its readings, whatever the level.
 */
import type { Database, Sql } from '@pitcrew/database'
import { Buckets } from '../../domain/history/bucket.ts'
import { hourMs, type Level, type Range } from '../../domain/history/level.ts'
import { encodeRollup, readRollup } from '../../domain/history/rollup.ts'
import type { Piece } from '../../handlers/history/ports.ts'

/** Hours of a step: how much is in memory at a time, and how long a transaction is. */
const stepHours: Record<Level, number> = { raw: 24, minute: 24 * 7, hour: 24 * 366 }

interface Hours {
  vehicleId: string
  /** Since 1970; `to` is part of it. */
  from: number
  to: number
}

export async function* readPieces(
  database: Database,
  vehicleId: string,
  level: Level,
  { fromMs, toMs }: Range,
): AsyncGenerator<Piece> {
  const last = Math.ceil(toMs / hourMs) - 1
  for (let from = Math.floor(fromMs / hourMs); from <= last;) {
    const to = Math.min(last, from + stepHours[level] - 1)
    const hours = { vehicleId, from, to }
    yield* await database.transaction((tx) => step(tx, level, hours), { isolation: 'repeatable read' })
    from = to + 1
  }
}

async function step(tx: Sql, level: Level, hours: Hours): Promise<Piece[]> {
  if (level === 'raw') return readings(tx, hours)
  const loose = await looseHours(tx, hours)
  const fresh = loose.length === 0 ? [] : await readings(tx, hours, loose)
  return [...fresh, ...(level === 'minute' ? await minutes(tx, hours, loose) : await wholeHours(tx, hours, loose))]
}

async function readings(tx: Sql, { vehicleId, from, to }: Hours, only?: readonly number[]): Promise<Piece[]> {
  const sql = `
    select content from ingest.history_readings
    where vehicle_id = $1 and hour between $2 and $3 ${only ? 'and hour = any($4::int[])' : ''} order by hour, part`
  const rows = await tx.query<{ content: Uint8Array }>(sql, [vehicleId, from, to, ...(only ? [only] : [])])
  return rows.map(({ content }): Piece => ({ kind: 'readings', content }))
}

async function looseHours(tx: Sql, { vehicleId, from, to }: Hours): Promise<number[]> {
  const sql = `
    select distinct hour from ingest.history_readings where vehicle_id = $1 and hour between $2 and $3 and loose`
  return (await tx.query<{ hour: number }>(sql, [vehicleId, from, to])).map(({ hour }) => hour)
}

async function minutes(tx: Sql, { vehicleId, from, to }: Hours, loose: readonly number[]): Promise<Piece[]> {
  const sql = `
    select content from ingest.history_rollup
    where level = 'minute' and vehicle_id = $1 and slot between $2 and $3 and slot <> all($4::int[]) order by slot`
  const rows = await tx.query<{ content: Uint8Array }>(sql, [vehicleId, from, to, loose])
  return rows.map(({ content }): Piece => ({ kind: 'rollup', content }))
}

/** A row is a day: hours outside of the step, and those with loose readings, are left out of it. */
async function wholeHours(tx: Sql, { vehicleId, from, to }: Hours, loose: readonly number[]): Promise<Piece[]> {
  const sql = `
    select slot, content from ingest.history_rollup
    where level = 'hour' and vehicle_id = $1 and slot between $2 and $3 order by slot`
  const days = [Math.floor(from / 24), Math.floor(to / 24)]
  const rows = await tx.query<{ slot: number; content: Uint8Array }>(sql, [vehicleId, ...days])
  const stale = new Set(loose)
  return rows.map(({ slot, content }): Piece => {
    const inside = slot * 24 >= from && slot * 24 + 23 <= to
    const whole = inside && !loose.some((hour) => Math.floor(hour / 24) === slot)
    return {
      kind: 'rollup',
      content: whole ? content : without(content, (hour) => hour < from || hour > to || stale.has(hour)),
    }
  })
}

function without(content: Uint8Array, left: (hour: number) => boolean): Uint8Array {
  const kept = new Buckets(hourMs)
  readRollup(
    content,
    () => true,
    (signal, startMs, bucket) => {
      if (!left(startMs / hourMs)) kept.merge(signal, startMs, bucket)
    },
  )
  return encodeRollup(kept)
}
