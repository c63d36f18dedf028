/**
 * Pitcrew's own form of a feed: `GET <base>/v1/feed?cursor=&limit=` gives
 * `{ "frames": [RawFrame], "nextCursor": "...", "more": false }`, RawFrame being telemetry.RawFrame as JSON.
 */
import type { telemetry } from '@pitcrew/contracts'
import { Retryable } from '@pitcrew/errors'
import { z } from 'zod'
import { entryRefusals, type EntryRefusals } from '../../domain/entry-refusals.ts'
import { readRawFrame } from '../../domain/read-batch.ts'
import type { TelematicsFeed } from '../../handlers/telematics-feed.ts'
import type { FeedClient } from './feed-client.ts'

const pageSchema = z.object({ frames: z.array(z.unknown()), nextCursor: z.string(), more: z.boolean().default(false) })

export function pitcrewFeed(name: string, client: FeedClient, pageFrames: number): TelematicsFeed {
  return {
    name,
    async next(cursor, signal) {
      const path = `/v1/feed?cursor=${encodeURIComponent(cursor)}&limit=${pageFrames}`
      const { json, retryAfterMs } = await client.get(path, signal)
      const { frames: entries, nextCursor, more } = readPage(json)
      if (nextCursor === cursor && more)
        throw new Retryable('BAD_FEED', 'a page says that there is more and does not move on: expected another cursor')
      const refusals = entryRefusals()
      const frames = entries.flatMap((entry, i) => readFrame(entry, `frames[${i}]`, refusals))
      return { frames, cursor: nextCursor, more, refused: refusals.list(), retryAfterMs }
    },
  }
}

function readPage(json: unknown): z.infer<typeof pageSchema> {
  const page = pageSchema.safeParse(json)
  if (page.success) return page.data
  throw new Retryable('BAD_FEED', 'a page is not {"frames": [...], "nextCursor": "...", "more": false}')
}

function readFrame(entry: unknown, where: string, refusals: EntryRefusals): telemetry.RawFrame[] {
  try {
    return [readRawFrame(entry, where)]
  } catch {
    refusals.add('BAD_ENTRY', where)
    return []
  }
}
