/** What the orchestrator hears from other services. */
import { events } from '@pitcrew/contracts'
import type { ServiceContext } from '@pitcrew/service'
import type { WorkflowClient } from '@pitcrew/workflow-jetstream'
import type { Config } from '../config.ts'
import { timing } from '../domain/timing.ts'
import type { Found } from '../domain/workflow-message.ts'
import { onAgentBlocked, onAgentReleased, type Standing } from './agent-standing.ts'
import { onAlertEscalated, onAlertRaised } from './alert.ts'
import { onBookingChanged, onFeedback, onReply, onVisitCompleted, onVisitStarted } from './case-signal.ts'

export interface ListenerParts {
  workflows: WorkflowClient
  cases: { get(caseId: string): Promise<Found | undefined> }
  agents: Standing
}

export async function listen(
  { messaging, telemetry, config, onStop }: ServiceContext<Config>,
  { workflows, cases, agents }: ListenerParts,
): Promise<void> {
  const find = async (caseId: string) => (await cases.get(caseId))?.row
  const signals = { workflows, telemetry, traceOf: async (caseId: string) => (await find(caseId))?.trace ?? '' }
  const urgencyOf = async (caseId: string) => (await find(caseId))?.urgency
  // Every instance has to know who may not work, whenever it was said.
  const everyone = { perInstance: true, from: 'last' } as const
  const subscriptions = [
    await messaging.consume(
      events.alertRaised,
      { durable: 'open-cases' },
      onAlertRaised(workflows, timing(config.CASE_TIME_SCALE)),
    ),
    await messaging.consume(events.alertEscalated, { durable: 'escalations' }, onAlertEscalated(workflows, urgencyOf)),
    await messaging.consume(events.replyReceived, { durable: 'replies' }, onReply(signals)),
    await messaging.consume(events.feedbackReceived, { durable: 'feedback' }, onFeedback(signals)),
    await messaging.consume(events.visitStarted, { durable: 'visits-started' }, onVisitStarted(signals)),
    await messaging.consume(events.visitCompleted, { durable: 'visits-completed' }, onVisitCompleted(signals)),
    await messaging.consume(events.bookingChanged, { durable: 'bookings' }, onBookingChanged(signals)),
    await messaging.consume(events.agentBlocked, { durable: 'blocked-agents', ...everyone }, onAgentBlocked(agents)),
    await messaging.consume(events.agentReleased, { durable: 'released-agents', ...everyone }, onAgentReleased(agents)),
  ]
  for (const subscription of subscriptions) onStop('consumer', () => subscription.stop())
}
