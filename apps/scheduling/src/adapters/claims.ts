/** Claims on bays and technicians: who has what and when. The constraint `claim_overlap` has the last word. */
import type { Sql } from '@pitcrew/database'
import { claimsOf, type Booking } from '../domain/booking.ts'
import type { Interval } from '../domain/interval.ts'
import { iso } from './booking-rows.ts'

type Claim = ReturnType<typeof claimsOf>[number]

/** Claimed time in `range` by resource. Holds that lapsed before `now` claim nothing, nor does the booking `except`. */
export async function readClaims(
  sql: Sql,
  range: Interval,
  now: number,
  except = '',
): Promise<Map<string, Interval[]>> {
  const rows = await sql.query<{ resource_id: string; starts_at: string; ends_at: string }>(
    `select k.resource_id, lower(k.during) as starts_at, upper(k.during) as ends_at
     from scheduling.claim k join scheduling.booking b on b.booking_id = k.booking_id
     where k.status in ('held', 'pending', 'confirmed', 'in_service')
       and k.during && tstzrange($1::timestamptz, $2::timestamptz)
       and not (b.status = 'held' and b.hold_expires_at <= $3::timestamptz)
       and b.booking_id <> $4`,
    [iso(range.start), iso(range.end), iso(now), except],
  )
  const claims = new Map<string, Interval[]>()
  for (const { resource_id, starts_at, ends_at } of rows) {
    const span = { start: Date.parse(starts_at), end: Date.parse(ends_at) }
    const known = claims.get(resource_id)
    if (known === undefined) claims.set(resource_id, [span])
    else known.push(span)
  }
  return claims
}

/** Makes the rows of a living booking what it claims; one that claims nothing keeps its rows, which its status disarms. */
export async function writeClaims(tx: Sql, before: Booking | undefined, booking: Booking): Promise<void> {
  const wanted = claimsOf(booking)
  const had = before === undefined ? [] : claimsOf(before)
  if (wanted.length === 0 || isSame(wanted, had)) return
  await tx.query('delete from scheduling.claim where booking_id = $1', [booking.bookingId])
  // One statement in one order for everybody, so that two bookings cannot wait for each other.
  const sorted = wanted.toSorted((a, b) => (a.resource < b.resource ? -1 : 1))
  await tx.query(
    `insert into scheduling.claim (booking_id, status, resource_id, during)
     select b.booking_id, b.status, w.resource_id, tstzrange(w.starts_at, w.ends_at)
     from scheduling.booking b, unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) as w (resource_id, starts_at, ends_at)
     where b.booking_id = $1`,
    [booking.bookingId, ...toArrays(sorted)],
  )
}

/** Holds that lapsed before `now` and stand in the way of `claims`. */
export async function lapsedInTheWay(
  tx: Sql,
  claims: readonly Claim[],
  now: number,
  except: string,
): Promise<string[]> {
  const rows = await tx.query<{ booking_id: string }>(
    `select distinct b.booking_id
     from unnest($3::text[], $4::timestamptz[], $5::timestamptz[]) as w (resource_id, starts_at, ends_at)
     join scheduling.claim k on k.resource_id = w.resource_id and k.during && tstzrange(w.starts_at, w.ends_at)
     join scheduling.booking b on b.booking_id = k.booking_id
     where b.status = 'held' and b.hold_expires_at <= $1::timestamptz and b.booking_id <> $2
     order by b.booking_id`,
    [iso(now), except, ...toArrays(claims)],
  )
  return rows.map(({ booking_id }) => booking_id)
}

/** True when `after` claims something that `before` did not. */
export function claimsMore(before: Booking | undefined, after: Booking): boolean {
  const wanted = claimsOf(after)
  return wanted.length > 0 && (before === undefined || !isSame(wanted, claimsOf(before)))
}

function isSame(a: readonly Claim[], b: readonly Claim[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function toArrays(claims: readonly Claim[]): [string[], string[], string[]] {
  return [
    claims.map(({ resource }) => resource),
    claims.map(({ span }) => iso(span.start)),
    claims.map(({ span }) => iso(span.end)),
  ]
}
