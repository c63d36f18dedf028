import type { Database } from '@pitcrew/database'
import type { Outbox, PendingEvent } from '../handlers/ports.ts'

interface Row extends Omit<PendingEvent, 'content' | 'trace'> {
  content: string
  trace: string
}

export function outbox(database: Database): Outbox {
  return {
    async pending(partitions, limit) {
      const rows = await database.query<Row>(
        `select position, event, key, message_id as id, content, trace from analysis.outbox
         where partition = any($1::int[]) order by position limit $2`,
        [partitions, limit],
      )
      return rows.map((row) => ({
        ...row,
        content: JSON.parse(row.content) as unknown,
        trace: JSON.parse(row.trace) as Record<string, string>,
      }))
    },
    async done(positions) {
      await database.query('delete from analysis.outbox where position = any($1::bigint[])', [positions])
    },
  }
}
