/** A scheduling service on real SQL with a dealer that answers over HTTP and a clock that the test moves. */
import { openDatabase, migrate, type Database } from '@pitcrew/database'
import { testDatabase } from '@pitcrew/testing'
// The dealer that the service meets in demonstrations is also the one that it is tested against.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { dealerApi, type DealerApi } from '../../simulator/src/dealer/index.ts'
import { httpDealer } from '../src/adapters/dealer-http.ts'
import { sqlDiary } from '../src/adapters/diary.ts'
import { schedulingSchema } from '../src/adapters/migrations.ts'
import { centre } from '../src/domain/builders.ts'
import { hour } from '../src/domain/interval.ts'
import type { Workshop } from '../src/handlers/workshop.ts'

export interface Bench {
  workshop: Workshop
  database: Database
  dealer: DealerApi
  dealerUrl: string
  warnings: string[]
  /** Monday 23 November 2026, 08:00 in Lisbon, at first. */
  clock: { now: number }
  reset(): Promise<void>
  stop(): Promise<void>
}

export const monday = Date.parse('2026-11-23T08:00:00Z')

export async function openBench(): Promise<Bench> {
  const server = await testDatabase()
  const database = await openDatabase({ url: server.url })
  await migrate(database, schedulingSchema)
  const clock = { now: monday }
  const warnings: string[] = []
  const warn: Workshop['warn'] = (message) => void warnings.push(message)
  let ids = 0
  const diary = sqlDiary({
    database,
    now: () => clock.now,
    newId: () => `booking-${++ids}`,
    warn,
    onCommitted: () => {},
  })
  const dealer = dealerApi({ now: () => clock.now, serviceDelayMs: hour })
  const listening = await dealer.start({ port: 0 })
  const dealerUrl = `http://127.0.0.1:${listening.port}`
  const organizer = { name: 'Pitcrew', email: 'service@pitcrew.example' }
  const workshop: Workshop = {
    diary,
    dealer: httpDealer({ url: dealerUrl, timeoutMs: 2_000 }),
    now: () => clock.now,
    organizer,
    holdMinutes: 120,
    warn,
  }
  return {
    workshop,
    database,
    dealer,
    dealerUrl,
    warnings,
    clock,
    async reset() {
      clock.now = monday
      warnings.length = 0
      await database.script(`truncate scheduling.outbox, scheduling.claim, scheduling.booking, scheduling.centre cascade;
        update scheduling.dealer_cursor set cursor = ''`)
      await diary.putCentre(centre())
    },
    async stop() {
      await listening.stop()
      await database.close()
      await server.stop()
    },
  }
}

/** No two living bookings on one bay or technician at one time, and each living booking on exactly one of both. */
export async function doubleBookings(database: Database): Promise<unknown[]> {
  return database.query(`
    select a.booking_id, b.booking_id as other, a.resource_id
    from scheduling.claim a join scheduling.claim b
      on a.resource_id = b.resource_id and a.during && b.during and a.booking_id < b.booking_id
    join scheduling.booking x on x.booking_id = a.booking_id join scheduling.booking y on y.booking_id = b.booking_id
    where x.status in ('held', 'pending', 'confirmed', 'in_service') and y.status in ('held', 'pending', 'confirmed', 'in_service')
    union all
    select booking_id, null, count(*)::text from scheduling.claim
    where status in ('held', 'pending', 'confirmed', 'in_service')
    group by booking_id having count(*) <> 2`)
}
