import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { events, type EventType } from '@pitcrew/contracts'
import type { Messaging } from '@pitcrew/messaging'
import { inSpan } from '@pitcrew/observability'
import { eventually, testBroker, testMessaging, testTelemetry, type TestBroker } from '@pitcrew/testing'
import { job } from '../src/domain/builders.ts'
import { hour } from '../src/domain/interval.ts'
import { confirmBooking } from '../src/handlers/confirm-booking.ts'
import { holdSlot } from '../src/handlers/hold-slot.ts'
import { startScheduling } from '../src/start.ts'
import { openBench, type Bench } from './bench.ts'

let bench: Bench
let broker: TestBroker
let messaging: Messaging
beforeAll(async () => {
  ;[bench, broker] = await Promise.all([openBench(), testBroker()])
  messaging = await testMessaging(broker, 'scheduling')
})
afterAll(async () => {
  await messaging.drain()
  await Promise.all([bench.stop(), broker.stop()])
})
beforeEach(() => bench.reset())

const telemetry = testTelemetry('scheduling')

function start() {
  const config = {
    DEALER_URL: bench.dealerUrl,
    DEALER_TIMEOUT_MS: 2_000,
    VISITS_POLL_MS: 20,
    BOOKINGS_SWEEP_MS: 20,
    HOLD_MINUTES: 30,
    CALENDAR_ORGANIZER_NAME: 'Pitcrew',
    CALENDAR_ORGANIZER_EMAIL: 'service@pitcrew.example',
  }
  return startScheduling({
    config,
    database: bench.database,
    messaging,
    telemetry,
    now: () => bench.clock.now,
  })
}

const hold = (workshop: ReturnType<typeof start>['workshop'], caseId: string) =>
  holdSlot(
    workshop,
    { caseId, vehicleId: 'V1', job: job(), preference: undefined, holdMinutes: 30, round: 1 },
    `${caseId}/hold#1`,
  )

/** Everything about a case that the stream has, in its order. */
async function follow(caseId: string) {
  const types: EventType<unknown>[] = [events.bookingChanged, events.visitStarted, events.visitCompleted]
  const seen: { subject: string; message: { reason?: string; workOrder?: object }; traceparent: string | undefined }[] =
    []
  const subscription = await messaging.consume(
    types,
    { durable: `test-${caseId}`, key: caseId, concurrency: 1 },
    async (delivery) => {
      seen.push({
        subject: delivery.type.subject,
        message: delivery.message,
        traceparent: delivery.headers.get('traceparent'),
      })
    },
  )
  return { seen, stop: () => subscription.stop() }
}

describe('events of bookings', () => {
  test('L2 from hold to hand-over, each once and in order', async () => {
    const { workshop, stop } = start()
    const { seen, stop: unfollow } = await follow('case-1')
    const { booking } = await hold(workshop, 'case-1')
    await confirmBooking(workshop, { bookingId: booking!.bookingId, caseId: 'case-1' })
    await eventually(() => expect(seen).toHaveLength(3))
    bench.clock.now += hour
    await eventually(() => expect(seen).toHaveLength(5))
    bench.clock.now += hour
    await eventually(() => expect(seen).toHaveLength(7))
    const told = seen
      .filter(({ subject }) => subject === events.bookingChanged.subject)
      .map(({ message }) => message.reason)
    expect(told).toEqual([
      'held',
      'sent to the dealer',
      'confirmed by the dealer',
      'the vehicle is in the workshop',
      'the vehicle was handed back',
    ])
    const completed = seen.find(({ subject }) => subject === events.visitCompleted.subject)
    expect(completed!.message).toMatchObject({ caseId: 'case-1', workOrder: { repaired: true } })
    await Promise.all([stop(), unfollow()])
  })

  test('N4 an event belongs to the trace of the work that caused it', async () => {
    const { workshop, stop } = start()
    const { seen, stop: unfollow } = await follow('case-3')
    const traceId = await inSpan(telemetry, 'task', {}, async (span) => {
      await hold(workshop, 'case-3')
      return span.spanContext().traceId
    })
    await eventually(() => expect(seen).toHaveLength(1))
    expect(seen[0]!.traceparent).toContain(traceId)
    await Promise.all([stop(), unfollow()])
  })
})
