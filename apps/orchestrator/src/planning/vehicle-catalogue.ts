/**
 * F1: the capabilities of the product that a plan may use. Confirming and cancelling a booking are not among them: they follow
 * from what a customer has said, which is a matter of the vehicle case.
 */
import { capabilities } from '@pitcrew/contracts'
import { describe, type Catalogue } from './catalogue.ts'

const about = ['alertId', 'vehicleId', 'system']
const { holdSlot, releaseHold } = capabilities

export const vehicleCatalogue: Catalogue = [
  describe(capabilities.collectEvidence, {
    does: 'gathers what is known of a vehicle system: readings, fault codes, time to failure',
    expertise: ['evidence', 'telemetry'],
    required: about,
  }),
  describe(capabilities.signalEvidence, {
    does: 'says how far the course of the signals speaks for each failure mode',
    expertise: ['diagnosis', 'telemetry'],
    required: about,
  }),
  describe(capabilities.faultCodes, {
    does: 'says how far the fault codes speak for each failure mode',
    expertise: ['diagnosis', 'fault-codes'],
    required: about,
  }),
  describe(capabilities.vehicleHistory, {
    does: "says how far the vehicle's own past speaks for each failure mode",
    expertise: ['diagnosis', 'history'],
    required: about,
  }),
  describe(capabilities.fleetPeers, {
    does: 'says how the vehicle differs from others of its kind',
    expertise: ['diagnosis', 'fleet'],
    required: about,
  }),
  describe(capabilities.similarFailures, {
    does: 'compares with failures of the past',
    expertise: ['diagnosis', 'history', 'quality'],
    required: about,
  }),
  describe(capabilities.rankHypotheses, {
    does: 'ranks the failure modes by all findings, with a confidence',
    expertise: ['diagnosis'],
    required: [...about, 'findings'],
  }),
  describe(capabilities.assessUrgency, {
    does: 'says how urgent a hypothesis is',
    expertise: ['urgency', 'safety'],
    required: [...about, 'hypothesis'],
  }),
  describe(holdSlot, {
    does: 'holds a slot at a workshop for a repair',
    expertise: ['scheduling', 'workshop'],
    required: ['caseId', 'vehicleId', 'job'],
    effect: 'holds a place in a workshop, which is given back when the workflow fails or is cancelled',
    undo: { capability: releaseHold.name, timeoutMs: releaseHold.timeoutMs, input: { bookingId: 'booking.bookingId' } },
  }),
  describe(capabilities.proposeAppointment, {
    does: 'writes to the customer and proposes the appointment that is held',
    expertise: ['engagement', 'customer'],
    required: ['caseId', 'vehicleId', 'urgency', 'system', 'problem', 'booking'],
    effect: 'writes to a customer',
  }),
  describe(capabilities.askFeedback, {
    does: 'asks the customer how the repair went',
    expertise: ['engagement', 'feedback'],
    required: ['caseId', 'vehicleId'],
    effect: 'writes to a customer',
  }),
  describe(capabilities.recordFailure, {
    does: 'tells manufacturing of a failure, for its corrective action',
    expertise: ['manufacturing', 'quality'],
    required: ['caseId', 'vehicle', 'system', 'hypothesis'],
    effect: 'adds to the failure record of manufacturing',
  }),
]
