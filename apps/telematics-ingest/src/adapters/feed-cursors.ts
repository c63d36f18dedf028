import type { Database } from '@pitcrew/database'
import type { FeedCursors } from '../handlers/ports.ts'

/** `insert` only from the very start, `update` only from the cursor that the page was read with: two readers cannot cross. */
const advance = `
  insert into ingest.feed as f (feed, cursor) values ($1, $3)
  on conflict (feed) do update set cursor = excluded.cursor, moved_at = now() where f.cursor = $2
  returning feed`

export function feedCursors(database: Database): FeedCursors {
  return {
    async load(feed) {
      const [row] = await database.query<{ cursor: string }>('select cursor from ingest.feed where feed = $1', [feed])
      return row?.cursor ?? ''
    },
    async advance(feed, previous, next) {
      return (await database.query(advance, [feed, previous, next])).length > 0
    },
  }
}
