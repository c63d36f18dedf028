/**
 * A feed of vehicle statistics in the manner of Samsara: `GET /fleet/vehicles/stats/feed?types=&after=`, with a cursor per set of
 * types. The provider takes three types in one request, so the types go in groups. Invariants:
 * 1. All groups are read in one step and leave as frames by time: a detector that has seen 12:00:05 looks at nothing older.
 * 2. A step moves all cursors or none.
 * 3. A step that fails keeps what it has read for the next try of the same cursor: a provider that limits the rate below what
 *    a step needs is read to the end all the same.
 */
import { Retryable } from '@pitcrew/errors'
import { z } from 'zod'
import { entryRefusals } from '../../../domain/entry-refusals.ts'
import type { FeedStep, TelematicsFeed } from '../../../handlers/telematics-feed.ts'
import type { FeedClient } from '../feed-client.ts'
import type { KnownVehicles } from '../known-vehicles.ts'
import { valueFrames } from '../value-frames.ts'
import { cursorOf, cursorsOf } from './cursors.ts'
import { addVehicle, faultCodesStat, stats } from './stats.ts'

export interface SamsaraOptions {
  name: string
  client: FeedClient
  vehicles: KnownVehicles
}

const typesPerRequest = 3
/** Of one group in one step: bounds what is in memory. */
const mostPages = 5

const types = [...stats.map(({ stat }) => stat), faultCodesStat]
const groups = Array.from({ length: Math.ceil(types.length / typesPerRequest) }, (_, i) =>
  types.slice(i * typesPerRequest, (i + 1) * typesPerRequest).join(','),
)

export function samsaraFeed({ name, client, vehicles }: SamsaraOptions): TelematicsFeed {
  let read: { cursor: string; groups: GroupRead[] } | undefined

  return {
    name,
    async next(cursor, signal) {
      if (read?.cursor !== cursor) read = { cursor, groups: begin(cursor) }
      // Side by side, so that all groups reach to about the same time; to the end, so that none runs on into the next try.
      const settled = await Promise.allSettled(read.groups.map((group) => readOn(group, client, signal)))
      for (const each of settled) if (each.status === 'rejected') throw each.reason
      const step = await stepOf(read.groups, vehicles)
      // While nothing arises the cursor stays as it is, and must be asked again all the same.
      read = undefined
      return step
    },
  }
}

async function stepOf(groups: readonly GroupRead[], vehicles: KnownVehicles): Promise<FeedStep> {
  const refusals = entryRefusals()
  const values = valueFrames()
  for (const { types, entries } of groups)
    for (const [i, entry] of entries.entries()) addVehicle(entry, `${types} data[${i}]`, values, refusals)
  return {
    frames: await vehicles.name(values),
    cursor: cursorOf(Object.fromEntries(groups.map(({ types, endCursor }) => [types, endCursor]))),
    more: groups.some(({ more }) => more),
    refused: refusals.list(),
    retryAfterMs: Math.max(...groups.map(({ retryAfterMs = 0 }) => retryAfterMs)),
  }
}

/** How far one set of types has been read in this step. */
interface GroupRead {
  types: string
  entries: unknown[]
  pages: number
  endCursor: string
  more: boolean
  retryAfterMs: number | undefined
}

function begin(cursor: string): GroupRead[] {
  const after = cursorsOf(cursor)
  const nothing = { pages: 0, more: true, retryAfterMs: undefined }
  return groups.map((group) => ({ ...nothing, types: group, entries: [], endCursor: after[group] ?? '' }))
}

async function readOn(read: GroupRead, client: FeedClient, signal: AbortSignal): Promise<void> {
  while (read.more && read.pages < mostPages) {
    const query = new URLSearchParams({ types: read.types })
    if (read.endCursor !== '') query.set('after', read.endCursor)
    const { json, retryAfterMs } = await client.get(`/fleet/vehicles/stats/feed?${query.toString()}`, signal)
    const { data, pagination } = readPage(json)
    if (pagination.hasNextPage && pagination.endCursor === read.endCursor)
      throw new Retryable('BAD_FEED', 'a page says that there is more and does not move on: expected another cursor')
    read.entries = read.entries.concat(data)
    read.pages += 1
    read.endCursor = pagination.endCursor
    read.more = pagination.hasNextPage
    read.retryAfterMs = retryAfterMs
  }
}

const pageSchema = z.object({
  data: z.array(z.unknown()),
  pagination: z.object({ endCursor: z.string().max(4_096), hasNextPage: z.boolean() }),
})

function readPage(json: unknown): z.infer<typeof pageSchema> {
  const page = pageSchema.safeParse(json)
  if (page.success) return page.data
  throw new Retryable('BAD_FEED', 'a page is not {"data": [...], "pagination": {"endCursor", "hasNextPage"}}')
}
