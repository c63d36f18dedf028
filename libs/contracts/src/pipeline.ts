/**
 * The one list of who produces and who consumes which subject. Permissions on the broker, the subject table in docs/ and
 * the edges that the tracing test asserts are all derived from it.
 *
 * Event subjects are `<domain>.<entity>.<past-verb>.v1.<key>`; the key may be several tokens.
 */
import type { Codec } from './codec.ts'
import type { StreamName } from './streams.ts'
import { ActivityBatch } from './gen/pitcrew/agent/v1/agent.ts'
import { Alert } from './gen/pitcrew/analysis/v1/analysis.ts'
import { FeedbackReceived, MessageSent, ReplyReceived } from './gen/pitcrew/engagement/v1/engagement.ts'
import { CapaOpened } from './gen/pitcrew/manufacturing/v1/manufacturing.ts'
import { BookingChanged, VisitCompleted, VisitStarted } from './gen/pitcrew/scheduling/v1/scheduling.ts'
import { Frame, Quarantined } from './gen/pitcrew/telemetry/v1/telemetry.ts'
import { AgentBlocked, AgentReleased, Finding } from './gen/pitcrew/ueba/v1/ueba.ts'
import { Vehicle } from './gen/pitcrew/vehicle/v1/vehicle.ts'
import { CaseChanged } from './gen/pitcrew/workflow/v1/case.ts'

export const services = [
  'telematics-ingest',
  'data-analysis',
  'orchestrator',
  'customer-engagement',
  'scheduling',
  'manufacturing-insights',
  'ueba',
  'gateway',
] as const

export type ServiceName = (typeof services)[number]

export interface EventType<T> {
  /** Without the key. */
  subject: string
  stream: StreamName
  /** What the key is made of, for the reader. */
  key: string
  codec: Codec<T>
  producers: readonly ServiceName[]
  consumers: readonly ServiceName[]
}

function event<T>(
  stream: StreamName,
  subject: string,
  key: string,
  codec: Codec<T>,
  producers: readonly ServiceName[],
  consumers: readonly ServiceName[],
): EventType<T> {
  return { subject, stream, key, codec, producers, consumers }
}

export const events = {
  vehicleRegistered: event(
    'TELEMETRY',
    'telemetry.vehicle.registered.v1',
    'vehicle id',
    Vehicle,
    ['telematics-ingest'],
    ['data-analysis', 'manufacturing-insights'],
  ),
  frameReceived: event(
    'TELEMETRY',
    'telemetry.frame.received.v1',
    'partition.vehicle id',
    Frame,
    ['telematics-ingest'],
    // Ingest itself writes the history of signals from it.
    ['data-analysis', 'telematics-ingest'],
  ),
  readingQuarantined: event(
    'TELEMETRY',
    'telemetry.reading.quarantined.v1',
    'vehicle id',
    Quarantined,
    ['telematics-ingest'],
    [],
  ),
  alertRaised: event(
    'ANALYSIS',
    'analysis.alert.raised.v1',
    'vehicle id',
    Alert,
    ['data-analysis'],
    ['orchestrator', 'gateway'],
  ),
  alertEscalated: event(
    'ANALYSIS',
    'analysis.alert.escalated.v1',
    'vehicle id',
    Alert,
    ['data-analysis'],
    ['orchestrator', 'gateway'],
  ),
  caseChanged: event(
    'ORCHESTRATION',
    'orchestration.case.changed.v1',
    'case id',
    CaseChanged,
    ['orchestrator'],
    ['gateway', 'ueba', 'data-analysis'],
  ),
  messageSent: event(
    'ENGAGEMENT',
    'engagement.message.sent.v1',
    'case id',
    MessageSent,
    ['customer-engagement'],
    ['gateway'],
  ),
  replyReceived: event(
    'ENGAGEMENT',
    'engagement.reply.received.v1',
    'case id',
    ReplyReceived,
    ['customer-engagement'],
    ['orchestrator', 'gateway'],
  ),
  feedbackReceived: event(
    'ENGAGEMENT',
    'engagement.feedback.received.v1',
    'case id',
    FeedbackReceived,
    ['customer-engagement'],
    ['orchestrator', 'gateway'],
  ),
  bookingChanged: event(
    'SCHEDULING',
    'scheduling.booking.changed.v1',
    'case id',
    BookingChanged,
    ['scheduling'],
    ['orchestrator', 'gateway'],
  ),
  visitStarted: event(
    'SCHEDULING',
    'scheduling.visit.started.v1',
    'case id',
    VisitStarted,
    ['scheduling'],
    ['orchestrator', 'gateway'],
  ),
  visitCompleted: event(
    'SCHEDULING',
    'scheduling.visit.completed.v1',
    'case id',
    VisitCompleted,
    ['scheduling'],
    ['orchestrator', 'data-analysis', 'gateway'],
  ),
  capaOpened: event(
    'MANUFACTURING',
    'manufacturing.capa.opened.v1',
    'capa id',
    CapaOpened,
    ['manufacturing-insights'],
    ['gateway'],
  ),
  findingRaised: event('UEBA', 'ueba.finding.raised.v1', 'agent', Finding, ['ueba'], ['gateway']),
  agentBlocked: event('UEBA', 'ueba.agent.blocked.v1', 'agent', AgentBlocked, ['ueba'], ['orchestrator', 'gateway']),
  agentReleased: event('UEBA', 'ueba.agent.released.v1', 'agent', AgentReleased, ['ueba'], ['orchestrator', 'gateway']),
  activitiesRecorded: event('AGENT', 'agent.activities.recorded.v1', 'service', ActivityBatch, services, ['ueba']),
} as const

/** Telemetry is spread over this many subjects, so that a vehicle's frames always reach the instance that holds its state. */
export const telemetryPartitions = 16
