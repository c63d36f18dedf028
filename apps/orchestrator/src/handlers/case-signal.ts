import { type engagement, scheduling } from '@pitcrew/contracts'
import type { Delivery } from '@pitcrew/messaging'
import { attributes, inSpan, type Telemetry } from '@pitcrew/observability'
import type { Json } from '@pitcrew/workflow'
import type { WorkflowClient } from '@pitcrew/workflow-jetstream'
import { signalIfOpen } from './alert.ts'
import { linkTo, traceparent } from './trace.ts'

export interface CaseSignals {
  workflows: WorkflowClient
  telemetry: Telemetry
  /** Traceparent of what opened the case, '' if it is not known. */
  traceOf(caseId: string): Promise<string>
}

type ForCase = { caseId: string }

/** Hands an event on to the case it is about, in a span that links back to what opened the case. */
function passOn<T extends ForCase>({ workflows, telemetry, traceOf }: CaseSignals, signal: string) {
  return async ({ message, id }: Delivery<T>): Promise<void> => {
    const { caseId } = message
    const links = linkTo(await traceOf(caseId))
    await inSpan(telemetry, `signal ${signal}`, { links, attributes: { [attributes.caseId]: caseId } }, () =>
      signalIfOpen(workflows, {
        id: caseId,
        signal,
        signalId: id,
        payload: message as unknown as Json,
        trace: traceparent(),
      }),
    )
  }
}

export const onReply = (signals: CaseSignals) => passOn<engagement.ReplyReceived>(signals, 'reply')
export const onFeedback = (signals: CaseSignals) => passOn<engagement.FeedbackReceived>(signals, 'feedback')
export const onVisitStarted = (signals: CaseSignals) => passOn<scheduling.VisitStarted>(signals, 'visit-started')
export const onVisitCompleted = (signals: CaseSignals) => passOn<scheduling.VisitCompleted>(signals, 'visit-completed')

/** Of all that happens to a booking, only that somebody else cancelled it is news to its case. */
export function onBookingChanged(signals: CaseSignals) {
  const pass = passOn<ForCase>(signals, 'booking-cancelled')
  return async (delivery: Delivery<scheduling.BookingChanged>): Promise<void> => {
    const { booking } = delivery.message
    if (booking?.status !== scheduling.BookingStatus.CANCELLED || booking.dealerReference === '') return
    await pass({ ...delivery, message: { caseId: booking.caseId } } as unknown as Delivery<ForCase>)
  }
}
