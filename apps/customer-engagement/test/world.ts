/** The service with everything real around it: SQL, broker, SMTP. Only the clock is the test's. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { events, type engagement, type scheduling } from '@pitcrew/contracts'
import { migrate, openDatabase, type Database } from '@pitcrew/database'
import { manualClock, testBroker, testDatabase, testMessaging, testTelemetry } from '@pitcrew/testing'
import { schema } from '../src/adapters/schema.ts'
import { config, type Config } from '../src/config.ts'
import { openEngagement, type Engagement } from '../src/engagement.ts'
import { linksIn, mailSink, type MailSink, type ReceivedMail } from './simulator.ts'

/** A Friday, noon in UTC. */
export const friday = Date.UTC(2026, 10, 20, 12)

export type World = Awaited<ReturnType<typeof openWorld>>

export async function openWorld(settings: Partial<Record<keyof Config, unknown>> = {}) {
  const [broker, databaseServer] = await Promise.all([testBroker(), testDatabase()])
  const database = await openDatabase({ url: databaseServer.url })
  await migrate(database, schema)
  const home = await mkdtemp(join(tmpdir(), 'engagement-'))
  const sink = await mailSink({ smtpPort: 0, webPort: 0 })
  const messaging = await testMessaging(broker, 'customer-engagement')
  const observer = await testMessaging(broker, 'gateway')
  const telemetry = testTelemetry('customer-engagement')
  const clock = manualClock(friday)
  const heard = {
    sent: [] as engagement.MessageSent[],
    replies: [] as engagement.ReplyReceived[],
    feedback: [] as engagement.FeedbackReceived[],
  }
  await observer.consume(
    events.messageSent,
    { durable: 'test-sent' },
    async ({ message }) => void heard.sent.push(message),
  )
  await observer.consume(
    events.replyReceived,
    { durable: 'test-replies' },
    async ({ message }) => void heard.replies.push(message),
  )
  await observer.consume(
    events.feedbackReceived,
    { durable: 'test-feedback' },
    async ({ message }) => void heard.feedback.push(message),
  )

  const settled = config.parse({
    SMTP_URL: `smtp://127.0.0.1:${sink.smtpPort}`,
    ENGAGEMENT_MASTER_KEY_FILE: join(home, 'secrets', 'master.key'),
    ENGAGEMENT_POLL_MS: 25,
    ...settings,
  })
  const open = (over: Partial<Config> = {}) =>
    openEngagement({ database, messaging, telemetry, config: { ...settled, ...over }, clock })
  const service = await open()

  return {
    ...{ sink, database, messaging, telemetry, clock, heard, config: settled, service, open },
    async stop() {
      await service.stop()
      await Promise.all([messaging.drain(), observer.drain(), sink.close()])
      await database.close()
      await Promise.all([broker.stop(), databaseServer.stop(), rm(home, { recursive: true })])
    },
  }
}

export function customer(id: string, over: Partial<engagement.Customer> = {}): engagement.Customer {
  return {
    ...{
      customerId: id,
      name: `Zuleika ${id}`,
      email: `${id}@customers.example`,
      phone: '+5511912345678',
      language: 'en',
    },
    ...{ timeZone: 'UTC', channels: ['CHANNEL_EMAIL'], consents: ['CHANNEL_EMAIL'], vehicleIds: [`car-${id}`] },
    ...{ quietFrom: '21:00', quietUntil: '08:00', ...over },
  }
}

export function slot(slotId: string, startsAt: string): scheduling.Slot {
  const endsAt = new Date(Date.parse(startsAt) + 3_600_000).toISOString()
  return { slotId, centreId: 'centre-1', centreName: 'Oficina Sul', timeZone: 'UTC', startsAt, endsAt }
}

export function booking(id: string, over: Partial<scheduling.Booking> = {}): scheduling.Booking {
  return {
    ...{
      bookingId: `booking-${id}`,
      caseId: `case-${id}`,
      vehicleId: `car-${id}`,
      slot: slot(`slot-${id}`, '2026-11-24T10:00:00.000Z'),
    },
    ...{ status: 'BOOKING_STATUS_HELD', bay: 'bay-1', technicianId: 'tech-1', job: undefined, dealerReference: '' },
    ...{ holdExpiresAt: undefined, sequence: 0, ...over },
  }
}

export function proposal(
  id: string,
  over: Partial<engagement.ProposeAppointmentRequest> = {},
): engagement.ProposeAppointmentRequest {
  return {
    ...{ caseId: `case-${id}`, vehicleId: `car-${id}`, urgency: 'URGENCY_HIGH', system: 'VEHICLE_SYSTEM_COOLING' },
    ...{ problem: 'The engine is losing coolant', booking: booking(id), round: 1 },
    alternatives: [slot(`alternative-${id}`, '2026-11-25T15:00:00.000Z')],
    ...over,
  }
}

export const mailsTo = (sink: MailSink, id: string): readonly ReceivedMail[] =>
  sink.messages().filter(({ to }) => to.includes(`${id}@customers.example`))

/** The token of the last mail's first link for an action. */
export function tokenIn(mail: ReceivedMail | undefined, action: string): string {
  const link = linksIn(mail?.html ?? '').find((found) => found.action === action)
  if (link === undefined) throw new Error(`the mail has no ${action} link`)
  return link.url.slice(link.url.lastIndexOf('/') + 1)
}

export function press(service: Engagement, token: string, over: Partial<engagement.FollowLinkRequest> = {}) {
  return service.followLink({ token, preference: undefined, rating: 0, problemSolved: false, comment: '', ...over })
}

/** Everything that the database holds, as text. */
export async function dump(database: Database): Promise<string> {
  const tables = await database.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'engagement'`,
  )
  const rows = await Promise.all(
    tables.map(({ name }) => database.query(`select to_jsonb(t)::text as row from engagement.${name} t`)),
  )
  return JSON.stringify(rows)
}
