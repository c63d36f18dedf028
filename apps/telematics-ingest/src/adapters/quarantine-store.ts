import { telemetry } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import { quarantineKey } from '../domain/quarantine.ts'
import type { QuarantineStore } from '../handlers/ports.ts'

/** The content is kept as JSON text and not as jsonb: what devices send may hold characters that jsonb refuses. */
const insert = `
  insert into ingest.quarantined (id, vehicle_id, received_at, content)
  select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[])
  on conflict (id) do nothing`

const select = `
  select content from ingest.quarantined
  where $1 = '' or vehicle_id = $1
  order by received_at desc, id limit $2`

export function quarantineStore(database: Database): QuarantineStore {
  return {
    async keep(entries) {
      await database.query(insert, [
        entries.map(({ id }) => id),
        entries.map(({ message }) => quarantineKey(message.frame!)),
        entries.map(({ message }) => new Date(message.receivedTimeMs).toISOString()),
        entries.map(({ message }) => JSON.stringify(telemetry.Quarantined.toJSON(message))),
      ])
    },
    async list(vehicleId, limit) {
      const rows = await database.query<{ content: string }>(select, [vehicleId, limit])
      return rows.map(({ content }) => telemetry.Quarantined.fromJSON(JSON.parse(content)))
    },
    async dropBefore(timeMs) {
      await database.query('delete from ingest.quarantined where received_at < $1', [new Date(timeMs).toISOString()])
    },
  }
}
