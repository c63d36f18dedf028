/** The service's books over a real database, and a clock that the test holds. */
import { agent } from '@pitcrew/contracts'
import { migrate, openDatabase, type Database } from '@pitcrew/database'
import { testDatabase } from '@pitcrew/testing'
import { listAgents } from '../src/adapters/behaviour.ts'
import { sqlBooks } from '../src/adapters/books.ts'
import { uebaSchema } from '../src/adapters/schema.ts'
import { platformManifest } from '../src/contracts.ts'
import { onActivitiesRecorded } from '../src/handlers/activities-recorded.ts'
import type { Books } from '../src/handlers/turn.ts'
import { corpus, type CorpusOptions, type Labelled } from './corpus.ts'

export const startMs = Date.parse('2026-11-20T08:00:00.000Z')

const settings = { blockAt: 45, greatestBlockedShare: 0.5, halfLifeMs: 6 * 3_600_000, liveMs: 15 * 60_000 }
const manifest = platformManifest()

export type Arrived = Pick<Labelled, 'activity' | 'at'>

export interface Ledger {
  database: Database
  books: Books
  /** Empties it and sets the clock back. */
  reset(): Promise<void>
  setNow(ms: number): void
  /** As one batch. */
  record(events: readonly Arrived[]): Promise<void>
  play(misbehaving: CorpusOptions['misbehaving']): Promise<Labelled[]>
  blocked(): Promise<string[]>
  announced(event: { subject: string }): Promise<unknown[]>
  close(): Promise<void>
}

export async function openLedger(): Promise<Ledger> {
  const server = await testDatabase()
  const database = await openDatabase({ url: server.url })
  const books = sqlBooks(database, () => {})
  let now = startMs
  const handler = onActivitiesRecorded(books, { manifest, settings, now: () => now })
  const record = (events: readonly Arrived[]) => handler(events.map(delivery))
  return {
    database,
    books,
    record,
    async reset() {
      now = startMs
      await database.script('drop schema if exists ueba cascade')
      await migrate(database, uebaSchema)
    },
    setNow(ms) {
      now = ms
    },
    async play(misbehaving) {
      const events = corpus({ startMs, seed: 7, misbehaving })
      for (let n = 0; n < events.length; n += 400) {
        const batch = events.slice(n, n + 400)
        now = batch.at(-1)!.at
        await record(batch)
      }
      return events
    },
    async blocked() {
      return (await listAgents(database)).filter((state) => state.blocked).map(({ profile }) => profile.actor)
    },
    async announced({ subject }) {
      const sql = 'select message from ueba.outbox where event = $1 order by position'
      return (await database.query<{ message: unknown }>(sql, [subject])).map(({ message }) => message)
    },
    async close() {
      await database.close()
      await server.stop()
    },
  }
}

function delivery({ activity, at }: Arrived) {
  return {
    message: { activities: [activity] },
    id: activity.activityId,
    key: activity.service,
    time: new Date(at).toISOString(),
  }
}

/** The n-th second's ordinary activity of scheduling.a. */
export function simple(n: number, change: Partial<agent.Activity> = {}): Arrived {
  const known = {
    activityId: `a-${n}`,
    actor: 'scheduling.a',
    service: 'scheduling',
    operation: 'scheduling.hold-slot',
    outcome: agent.ActivityOutcome.SUCCESS,
    version: '1.0.0',
    resource: `case-${n}`,
  }
  return { activity: agent.Activity.fromPartial({ ...known, ...change }), at: startMs + n * 1000 }
}
