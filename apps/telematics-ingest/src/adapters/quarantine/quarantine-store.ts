import { telemetry } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import type { QuarantineToPublish } from '../../domain/quarantine/quarantined.ts'
import type { QuarantineEntry, QuarantineFilter, QuarantineStore } from '../../handlers/quarantine/ports.ts'

/** The content is protobuf: what devices send may hold characters that text refuses, and numbers that JSON has not. */
const insert = `
  insert into ingest.quarantined as q
    (id, vehicle_id, codes, first_seen, last_seen, count, content, cut, accepted_paths, accepted_codes)
  select id, vehicle_id, string_to_array(codes, ','), seen, seen, count, decode(content, 'hex'), cut,
    string_to_array(accepted_paths, ','), accepted_codes
  from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::int[], $6::text[], $7::bool[], $8::text[], $9::bool[])
    as given (id, vehicle_id, codes, seen, count, content, cut, accepted_paths, accepted_codes)
  order by id
  on conflict (id) do update set count = q.count + excluded.count, last_seen = greatest(q.last_seen, excluded.last_seen)`

const columns = `id, vehicle_id, first_seen, last_seen, count, content, cut, accepted_paths, accepted_codes, replaying_since`

const passes = `
  ($1 = '' or vehicle_id = $1) and (cardinality($2::text[]) = 0 or codes && $2) and last_seen >= $3`

const keepRest = `
  update ingest.quarantined set content = decode($2, 'hex'), codes = $3, accepted_paths = $4, accepted_codes = $5,
    replaying_since = null
  where id = $1`

const sweep = `
  delete from ingest.quarantined where last_seen < $1 or last_seen <
    (select last_seen from ingest.quarantined order by last_seen desc offset $2 limit 1)`

interface Row {
  id: string
  vehicle_id: string
  first_seen: string
  last_seen: string
  count: number
  content: Uint8Array
  cut: boolean
  accepted_paths: string[]
  accepted_codes: boolean
  replaying_since: string | null
}

export function quarantineStore(database: Database): QuarantineStore {
  const select = async (rest: string, params: unknown[]) =>
    (await database.query<Row>(`select ${columns} from ingest.quarantined where ${rest}`, params)).map(entryOf)
  return {
    keep: async (entries) => void (await database.query(insert, insertParams(entries))),
    list: (filter, limit) => select(`${passes} order by last_seen desc, id limit $4`, [...paramsOf(filter), limit]),
    oldest: (filter, limit) => select(`${passes} order by first_seen, id limit $4`, [...paramsOf(filter), limit]),
    find: (ids) => select('id = any($1::text[]) order by first_seen, id', [ids]),
    async beginReplay(ids, timeMs) {
      const begin = `update ingest.quarantined set replaying_since = coalesce(replaying_since, $2) where id = any($1::text[])`
      await database.query(begin, [ids, instant(timeMs)])
    },
    async endReplay(outcomes) {
      await database.transaction(async (tx) => {
        const gone = outcomes.filter(({ rest }) => rest === undefined).map(({ id }) => id)
        if (gone.length > 0) await tx.query('delete from ingest.quarantined where id = any($1::text[])', [gone])
        for (const { id, rest } of outcomes)
          if (rest) await tx.query(keepRest, [id, ...contentOf(rest), rest.accepted.paths, rest.accepted.codes])
      })
    },
    async discard(ids) {
      const sql = 'delete from ingest.quarantined where id = any($1::text[]) returning id'
      return (await database.query(sql, [ids])).length
    },
    async discardAll(filter) {
      const sql = `with gone as (delete from ingest.quarantined where ${passes} returning 1) select count(*) from gone`
      const [row] = await database.query<{ count: number }>(sql, paramsOf(filter))
      return row!.count
    },
    sweep: async (beforeMs, most) => void (await database.query(sweep, [instant(beforeMs), most])),
  }
}

function insertParams(entries: readonly QuarantineToPublish[]): unknown[] {
  const byId = new Map<string, QuarantineToPublish & { count: number }>()
  for (const entry of entries) byId.set(entry.id, { ...entry, count: (byId.get(entry.id)?.count ?? 0) + 1 })
  const all = [...byId.values()]
  const contents = all.map(({ message }) => contentOf({ frame: message.frame!, refusals: message.refusals }))
  return [
    all.map(({ id }) => id),
    all.map(({ key }) => key),
    contents.map(([, codes]) => codes.join(',')),
    all.map(({ message }) => instant(message.receivedTimeMs)),
    all.map(({ count }) => count),
    contents.map(([content]) => content),
    all.map(({ cut }) => cut),
    all.map(({ accepted }) => accepted.paths.join(',')),
    all.map(({ accepted }) => accepted.codes),
  ]
}

/** Content in hex, and the codes in it. */
function contentOf(kept: Pick<QuarantineEntry, 'frame' | 'refusals'>): [string, string[]] {
  const bytes = telemetry.Quarantined.encode({ ...kept, receivedTimeMs: 0 }).finish()
  return [Buffer.from(bytes).toString('hex'), [...new Set(kept.refusals.map(({ code }) => code))]]
}

function entryOf(row: Row): QuarantineEntry {
  const { frame, refusals } = telemetry.Quarantined.decode(row.content)
  return {
    id: row.id,
    vehicleId: row.vehicle_id,
    frame: frame ?? telemetry.RawFrame.create(),
    refusals,
    accepted: { paths: row.accepted_paths, codes: row.accepted_codes },
    cut: row.cut,
    firstSeenMs: Date.parse(row.first_seen),
    lastSeenMs: Date.parse(row.last_seen),
    count: row.count,
    ...(row.replaying_since !== null && { replayingSinceMs: Date.parse(row.replaying_since) }),
  }
}

const paramsOf = ({ vehicleId, codes, sinceMs }: QuarantineFilter): unknown[] => [vehicleId, codes, instant(sinceMs)]

const instant = (timeMs: number): string => new Date(timeMs).toISOString()
