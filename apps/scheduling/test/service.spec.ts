import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { capabilities, scheduling, vehicle } from '@pitcrew/contracts'
import type { Messaging } from '@pitcrew/messaging'
import { connectRpc, type RpcClient } from '@pitcrew/rpc'
import { startService, type RunningService } from '@pitcrew/service'
import {
  eventually,
  testBroker,
  testDatabase,
  testMessaging,
  testTelemetry,
  type TestBroker,
  type TestDatabase,
} from '@pitcrew/testing'
// See bench.ts.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { dealerApi } from '../../simulator/src/dealer/index.ts'
import { BookingStatus } from '../src/domain/booking-status.ts'
import { centre, job } from '../src/domain/builders.ts'
import { schedulingService } from '../src/index.ts'
import { testEngine } from './engine.ts'

const telemetry = testTelemetry('scheduling')
const dealer = dealerApi({
  serviceDelayMs: 50,
  faultOf: (vehicleId) => ({
    failureMode: 'seal leaks',
    component: 'water pump',
    parts: ['water pump'],
    odometerKm: vehicleId.length,
  }),
})

let broker: TestBroker
let database: TestDatabase
let messaging: Messaging
let engine: Awaited<ReturnType<typeof testEngine>>
let dealerAt: Awaited<ReturnType<typeof dealer.start>>
let service: RunningService
let client: RpcClient<typeof scheduling.SchedulingServiceService>

beforeAll(async () => {
  ;[broker, database, dealerAt] = await Promise.all([testBroker(), testDatabase(), dealer.start({ port: 0 })])
  messaging = await testMessaging(broker, 'orchestrator')
  engine = await testEngine(messaging)
  await up()
})
afterAll(async () => {
  await down()
  await engine.stop()
  await messaging.drain()
  await Promise.all([broker.stop(), database.stop(), dealerAt.stop()])
})

async function up() {
  const env = {
    NATS_URL: broker.url,
    DATABASE_URL: database.url,
    DEALER_URL: `http://127.0.0.1:${dealerAt.port}`,
    VISITS_POLL_MS: '20',
    SCHEDULING_GRPC_PORT: '0',
    SCHEDULING_OPS_PORT: '0',
  }
  service = await startService(schedulingService, { env, telemetry })
  client = connectRpc(scheduling.SchedulingServiceClient, `127.0.0.1:${service.ports.grpc}`, { telemetry })
}

async function down() {
  client.close()
  await service.stop()
}

const holdOf = (caseId: string): scheduling.HoldSlotRequest => ({
  caseId,
  vehicleId: `vehicle-of-${caseId}`,
  job: job({ urgency: vehicle.Urgency.HIGH }),
  preference: undefined,
  holdMinutes: 30,
  round: 1,
})
/** Open round the clock, so that the real time of the test does not matter. */
const always = centre({
  openingHours: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' })),
})

describe('the scheduling service', () => {
  test('L5 takes a centre, offers its slots and refuses nonsense with the reason', async () => {
    await client.upsertCentre({ centre: always })
    const { slots } = await client.listSlots({ job: job(), preference: undefined, limit: 4 })
    expect(slots).toHaveLength(4)
    expect(slots[0]).toMatchObject({ centreId: 'riverside', timeZone: 'Europe/Lisbon' })
    await expect(client.upsertCentre({ centre: { ...always, timeZone: 'Nowhere' } })).rejects.toMatchObject({
      kind: 'terminal',
      code: 'BAD_CENTRE',
    })
    await expect(client.listSlots({ job: undefined, preference: undefined, limit: 0 })).rejects.toMatchObject({
      code: 'BAD_JOB',
    })
    await expect(client.cancelBooking({ bookingId: 'nowhere', reason: '' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('L5 a case goes from hold to repaired over tasks, each delivered twice', async () => {
    const twice = { copies: 2 }
    const held = await engine.run(capabilities.holdSlot, 'hold', holdOf('case-1'), twice)
    expect(held[1]).toEqual(held[0])
    const { bookingId } = held[0]!.booking!
    const confirmed = await engine.run(capabilities.confirmBooking, 'confirm', { bookingId, caseId: 'case-1' }, twice)
    expect(confirmed[0]!.icalendar).toContain(`UID:${bookingId}`)
    const { bookings } = await eventually(async () => {
      const found = await client.listBookings({ caseId: 'case-1', vehicleId: '', limit: 0 })
      expect(found.bookings[0]!.status).toBe(BookingStatus.COMPLETED)
      return found
    })
    expect(bookings).toHaveLength(1)
    expect(dealer.appointments().filter((one) => one.vehicleId === 'vehicle-of-case-1')).toHaveLength(1)
  })

  test('L8 a dealer that is down fails the attempt as retryable, and the next attempt ends it', async () => {
    const [held] = await engine.run(capabilities.holdSlot, 'hold-2', holdOf('case-2'))
    const booking = { bookingId: held!.booking!.bookingId, caseId: 'case-2' }
    // The poll of work orders takes its share of failures, so fail until the attempt had its own.
    dealer.faults.failNext(1_000)
    const failed = engine.run(capabilities.confirmBooking, 'confirm-2', booking)
    await expect(failed).rejects.toMatchObject({ kind: 'retryable', code: 'DEALER_UNAVAILABLE' })
    dealer.faults.failNext(0)
    const [confirmed] = await engine.run(capabilities.confirmBooking, 'confirm-2', booking, { attempt: 2 })
    expect(confirmed!.booking!.dealerReference).toMatch(/^RO-/)
  })

  test('N1 stopped and started again, it knows its bookings and goes on', async () => {
    const [held] = await engine.run(capabilities.holdSlot, 'hold-3', holdOf('case-3'))
    await down()
    await up()
    const { bookings } = await client.listBookings({ caseId: 'case-3', vehicleId: '', limit: 0 })
    expect(bookings).toEqual([held!.booking])
    expect(await engine.run(capabilities.releaseHold, 'release-3', { bookingId: held!.booking!.bookingId })).toEqual([
      { released: true },
    ])
  })
})
