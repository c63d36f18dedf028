/**
 * What agents can do for a workflow: the request and response of each capability, who offers it and how long one attempt
 * may take. A task for it waits on `task.<capability>.<priority>`.
 */
import type { Codec } from './codec.ts'
import type { ServiceName } from './pipeline.ts'
import * as analysis from './gen/pitcrew/analysis/v1/analysis.ts'
import * as engagement from './gen/pitcrew/engagement/v1/engagement.ts'
import * as manufacturing from './gen/pitcrew/manufacturing/v1/manufacturing.ts'
import * as scheduling from './gen/pitcrew/scheduling/v1/scheduling.ts'

export interface Capability<I, O> {
  name: string
  service: ServiceName
  request: Codec<I>
  response: Codec<O>
  timeoutMs: number
}

function capability<I, O>(
  service: ServiceName,
  name: string,
  request: Codec<I>,
  response: Codec<O>,
  timeoutMs = 30_000,
): Capability<I, O> {
  return { name, service, request, response, timeoutMs }
}

const diagnosis = (node: string) =>
  capability('data-analysis', `diagnosis.${node}`, analysis.DiagnoseRequest, analysis.DiagnoseResponse)

export const capabilities = {
  collectEvidence: capability(
    'data-analysis',
    'analysis.collect-evidence',
    analysis.CollectEvidenceRequest,
    analysis.CollectEvidenceResponse,
  ),
  signalEvidence: diagnosis('signal-evidence'),
  faultCodes: diagnosis('fault-codes'),
  vehicleHistory: diagnosis('vehicle-history'),
  fleetPeers: diagnosis('fleet-peers'),
  similarFailures: diagnosis('similar-failures'),
  rankHypotheses: capability(
    'data-analysis',
    'diagnosis.rank-hypotheses',
    analysis.RankHypothesesRequest,
    analysis.RankHypothesesResponse,
  ),
  assessUrgency: capability(
    'data-analysis',
    'analysis.assess-urgency',
    analysis.AssessUrgencyRequest,
    analysis.AssessUrgencyResponse,
  ),
  holdSlot: capability('scheduling', 'scheduling.hold-slot', scheduling.HoldSlotRequest, scheduling.HoldSlotResponse),
  releaseHold: capability(
    'scheduling',
    'scheduling.release-hold',
    scheduling.ReleaseHoldRequest,
    scheduling.ReleaseHoldResponse,
  ),
  confirmBooking: capability(
    'scheduling',
    'scheduling.confirm-booking',
    scheduling.ConfirmBookingRequest,
    scheduling.ConfirmBookingResponse,
  ),
  cancelBooking: capability(
    'scheduling',
    'scheduling.cancel-booking',
    scheduling.CancelBookingRequest,
    scheduling.CancelBookingResponse,
  ),
  proposeAppointment: capability(
    'customer-engagement',
    'engagement.propose-appointment',
    engagement.ProposeAppointmentRequest,
    engagement.ProposeAppointmentResponse,
  ),
  confirmAppointment: capability(
    'customer-engagement',
    'engagement.confirm-appointment',
    engagement.ConfirmAppointmentRequest,
    engagement.ConfirmAppointmentResponse,
  ),
  askFeedback: capability(
    'customer-engagement',
    'engagement.ask-feedback',
    engagement.AskFeedbackRequest,
    engagement.AskFeedbackResponse,
  ),
  recordFailure: capability(
    'manufacturing-insights',
    'manufacturing.record-failure',
    manufacturing.RecordFailureRequest,
    manufacturing.RecordFailureResponse,
  ),
} as const
