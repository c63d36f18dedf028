/**
 * L2: the way of one vehicle problem from alert to lesson learned, as a definition of the engine.
 *
 *   evidence → diagnosis (until it is sure enough) → urgency → the customer agrees to a held slot, which is booked → in service →
 *   feedback → manufacturing
 */
import { analysis, capabilities, engagement, vehicle, type scheduling } from '@pitcrew/contracts'
import {
  coalesce,
  defineWorkflow,
  eq,
  item,
  lookup,
  lt,
  ne,
  not,
  now,
  oneOf,
  or,
  when,
  type Expr,
  type Flow,
  type Ref,
} from '@pitcrew/workflow'
import { caseLifecycle } from './lifecycle.ts'
import { priorityOf } from './priority.ts'
import type { Timing } from './timing.ts'

export interface CaseInput {
  alert: analysis.Alert
  timing: Timing
}

/** Below this confidence a person decides whether the customer is bothered at all. */
export const approvalBelow = 0.25
/** C6: when the diagnosis is good enough, and what it may cost. A pass that gains less than `improvement` is the last one. */
export const diagnosisLimits: analysis.IterationLimits = {
  confidence: 0.7,
  maxPasses: 3,
  budgetMs: 600_000,
  improvement: 0.02,
  patience: 1,
  maxErrorRate: 0.5,
}
const diagnosisNodes = {
  signals: ['signal-evidence', capabilities.signalEvidence],
  codes: ['fault-codes', capabilities.faultCodes],
  history: ['vehicle-history', capabilities.vehicleHistory],
  peers: ['fleet-peers', capabilities.fleetPeers],
  similar: ['similar-failures', capabilities.similarFailures],
} as const
type Side = keyof typeof diagnosisNodes
const sides = Object.keys(diagnosisNodes) as Side[]

/** Messages to a customer about one case before it is left to the fleet. */
export const maxRounds = 4
const holdMinutes = 24 * 60

/** The slot went to somebody else, or the workshop does not want it: the next round offers another. */
const slotLost = ['HOLD_EXPIRED', 'SLOT_TAKEN', 'DEALER_REFUSED']

const { Urgency } = vehicle
const { ReplyKind } = engagement

export const vehicleCase = defineWorkflow<CaseInput>(
  'vehicle-case',
  1,
  caseLifecycle,
  (flow, input) => {
    const { alert, timing } = input
    const about = { alertId: alert.alertId, vehicleId: alert.vehicleId, system: alert.system }
    flow.checkpoint('opened', { name: 'before anything was looked at' })
    const evidence = flow.task('collect-evidence', capabilities.collectEvidence, {
      phase: 'DATA_ANALYSIS',
      input: about,
    })
    const diagnosis = diagnose(flow, about)
    const likeliest = flow.value('likeliest', item(diagnosis.hypotheses, 0))
    const urgency = flow.task('assess-urgency', capabilities.assessUrgency, {
      phase: 'URGENCY_ASSESSMENT',
      input: { ...about, hypothesis: likeliest },
      set: (assessed) => ({ urgency: assessed.urgency, priority: lookup(assessed.urgency, priorityOf, 4) }),
    })
    approve(flow, diagnosis, timing)
    flow.checkpoint('assessed', { name: 'before the customer is asked' })
    flow.end('log-only', 'logged', { when: eq(urgency.urgency, Urgency.LOW) })
    flow.wait('batch', {
      signals: ['escalated'],
      timeoutMs: timing.batch,
      reason: 'the next batch of messages',
      when: eq(urgency.urgency, Urgency.MEDIUM),
    })
    arrange(flow, input, urgency, likeliest)
    const visit = attend(flow, timing)
    learn(flow, input, evidence, likeliest, visit)
    flow.end('repaired', 'repaired', { when: eq(visit.workOrder.repaired, true) })
    flow.end('not-repaired', 'not-repaired')
  },
  { priority: (input) => lookup(input.alert.urgency, priorityOf, 4) },
)

interface About {
  alertId: Expr<string>
  vehicleId: Expr<string>
  system: Expr<vehicle.VehicleSystem>
}

/**
 * C4, C6: five nodes side by side and a ranking. With its ranking comes the verdict on the passes so far: whether there is
 * another one, which nodes it asks again and how far back they look. A node that fails for good is missing from the evidence;
 * the verdict says when too many are.
 */
function diagnose(flow: Flow, about: About): Ref<analysis.RankHypothesesResponse> {
  return flow.loop<analysis.RankHypothesesResponse>('diagnose', {
    phase: 'DIAGNOSIS',
    initial: { hypotheses: [], confidence: 0, nextQuestion: '', passes: [], known: [] },
    max: diagnosisLimits.maxPasses,
    run: (pass, before, iteration) => {
      const began = pass.value('pass-began', now)
      const { strategy } = before.verdict
      const ask = (side: Side) => (inner: Flow) => {
        const [node, capability] = diagnosisNodes[side]
        return inner.task(node, capability, {
          input: { ...about, iteration: coalesce<number>(strategy.window, 1) },
          when: ne(strategy.run[node] as Expr<boolean>, false),
          tolerates: 'anything',
        })
      }
      const found = pass.parallel<Record<Side, analysis.DiagnoseResponse>>('examine', {
        signals: ask('signals'),
        codes: ask('codes'),
        history: ask('history'),
        peers: ask('peers'),
        similar: ask('similar'),
      })
      const silent = (side: Side) => ({ node: diagnosisNodes[side][0], supports: [], summary: '' })
      const ranked = pass.task('rank-hypotheses', capabilities.rankHypotheses, {
        input: {
          ...about,
          iteration,
          findings: sides.map((side) => coalesce<analysis.DiagnoseResponse>(found[side], silent(side))),
          answered: Object.fromEntries(sides.map((side) => [diagnosisNodes[side][0], ne(found[side], null as never)])),
          passes: before.passes,
          known: before.known,
          beganAtMs: began,
          endedAtMs: now,
          limits: diagnosisLimits,
        },
      })
      return { next: ranked, until: eq(ranked.verdict.stop, true) }
    },
  })
}

/** Human oversight: a diagnosis that is little better than a guess, or lacks most of its nodes, goes to a person first. */
function approve(flow: Flow, diagnosis: Ref<analysis.RankHypothesesResponse>, timing: Ref<Timing>): void {
  const uncertain = lt(diagnosis.confidence, approvalBelow)
  const incomplete = eq(diagnosis.verdict.reason, analysis.IterationReason.ERROR_RATE)
  const decision = flow.approval('approval', {
    reason: 'a person to approve an uncertain diagnosis',
    approvers: 'approver',
    timeoutMs: timing.approval,
    // Nobody looked at it in time: better a needless message to the customer than a breakdown.
    onTimeout: 'approve',
    when: or(uncertain, incomplete),
  })
  flow.end('dismissed', 'dismissed', { when: eq(decision.approved, false) })
}

interface Appointment {
  booking: scheduling.Booking | null
  icalendar: string
  /** What the customer asked for in an earlier round. */
  preference: scheduling.Preference | null
  /** As assessed, or as it has become since. */
  urgency: vehicle.Urgency
}

/**
 * L4, L5: holds a slot, proposes it, waits for the answer and books it. Another time, silence or a slot that was lost
 * gives the hold back and starts the next round, which moves on along the customer's channels.
 */
function arrange(
  flow: Flow,
  { alert, timing }: Ref<CaseInput>,
  urgency: Ref<analysis.AssessUrgencyResponse>,
  likeliest: Ref<analysis.Hypothesis>,
): Ref<Appointment> {
  const about = { caseId: alert.alertId, vehicleId: alert.vehicleId }
  const arranged = flow.loop<Appointment>('arrange', {
    initial: { booking: null, icalendar: '', preference: null, urgency: urgency.urgency },
    max: maxRounds,
    run: (way, carry, round) => {
      const { skill, labourHours, parts } = likeliest
      const held = way.task('hold-slot', capabilities.holdSlot, {
        phase: 'CUSTOMER_ENGAGEMENT',
        input: {
          ...about,
          job: { urgency: carry.urgency, skill, labourHours, parts },
          preference: carry.preference as Expr<scheduling.Preference>,
          holdMinutes,
          round,
        },
        undo: ({ booking }) => ({ capability: capabilities.releaseHold, input: { bookingId: booking.bookingId } }),
      })
      const { booking, alternatives } = held
      way.task('propose', capabilities.proposeAppointment, {
        input: {
          ...about,
          urgency: carry.urgency,
          system: alert.system,
          problem: likeliest.explanation,
          booking,
          alternatives,
          round,
        },
        set: ({ message }) => ({ engaged: true, channel: message.channel }),
      })
      const reply = way.wait<'reply' | 'escalated', engagement.ReplyReceived & Pick<analysis.Alert, 'urgency'>>(
        'reply',
        {
          signals: ['reply'],
          interrupts: ['escalated'],
          timeoutMs: replyTime(carry.urgency, timing),
          reason: 'the customer to answer',
        },
      )
      const refused = oneOf(reply.payload.kind, [ReplyKind.DECLINE, ReplyKind.OPT_OUT])
      way.end('declined', 'declined', { when: refused, undo: true })
      const confirmed = way.task('confirm-booking', capabilities.confirmBooking, {
        phase: 'SCHEDULING',
        when: eq(reply.payload.kind, ReplyKind.ACCEPT),
        input: { bookingId: booking.bookingId, caseId: alert.alertId },
        undo: (done) => ({
          capability: capabilities.cancelBooking,
          input: { bookingId: done.booking.bookingId, reason: 'the case was ended' },
        }),
        set: () => ({ scheduled: true }),
        tolerates: slotLost,
      })
      const none = eq(confirmed, null as never)
      way.task('give-back', capabilities.releaseHold, { when: none, input: { bookingId: booking.bookingId } })
      const preference = coalesce(reply.payload.preference, carry.preference) as Expr<scheduling.Preference | null>
      const now = way.value('urgency-now', coalesce(reply.payload.urgency, carry.urgency), {
        set: (value) => ({ urgency: value, priority: lookup(value, priorityOf, 4) }),
      })
      return {
        next: { booking: confirmed.booking, icalendar: confirmed.icalendar, preference, urgency: now },
        until: not(none),
      }
    },
  })
  flow.end('no-response', 'no-response', { when: eq(arranged.booking, null as never), undo: true })
  // The booking stands even if the message about it cannot be sent.
  flow.task('confirm-appointment', capabilities.confirmAppointment, {
    phase: 'SCHEDULING',
    input: { ...about, booking: arranged.booking, icalendar: arranged.icalendar },
    tolerates: 'anything',
  })
  return arranged
}

function replyTime(urgency: Expr<vehicle.Urgency>, { reply }: Ref<Timing>): Expr<number> {
  const medium = when(eq(urgency, Urgency.MEDIUM), reply[Urgency.MEDIUM], reply[Urgency.LOW])
  return when(
    eq(urgency, Urgency.CRITICAL),
    reply[Urgency.CRITICAL],
    when(eq(urgency, Urgency.HIGH), reply[Urgency.HIGH], medium),
  )
}

function attend(flow: Flow, timing: Ref<Timing>): Ref<scheduling.VisitCompleted> {
  const arrival = flow.wait<'visit-started' | 'booking-cancelled', scheduling.VisitStarted>('arrival', {
    phase: 'SCHEDULED',
    signals: ['visit-started', 'booking-cancelled'],
    timeoutMs: timing.arrival,
    reason: 'the vehicle to arrive at the workshop',
    newTrace: true,
  })
  flow.end('not-attended', 'not-attended', { when: not(eq(arrival.signal, 'visit-started')), undo: true })
  flow.commit('vehicle-taken-in', { phase: 'IN_SERVICE' })
  const finished = flow.wait<'visit-completed', scheduling.VisitCompleted>('repair', {
    signals: ['visit-completed'],
    timeoutMs: timing.repair,
    reason: 'the workshop to finish',
    newTrace: true,
  })
  flow.end('never-finished', 'never-finished', { when: eq(finished.signal, null as never) })
  return finished.payload
}

/** L6: asks the customer, waits a while, and gives manufacturing what is known then. */
function learn(
  flow: Flow,
  { alert, timing }: Ref<CaseInput>,
  evidence: Ref<analysis.CollectEvidenceResponse>,
  likeliest: Ref<analysis.Hypothesis>,
  visit: Ref<scheduling.VisitCompleted>,
): void {
  flow.task('ask-feedback', capabilities.askFeedback, {
    phase: 'FEEDBACK',
    input: { caseId: alert.alertId, vehicleId: alert.vehicleId },
    tolerates: 'anything',
  })
  const feedback = flow.wait<'feedback', engagement.FeedbackReceived>('feedback', {
    signals: ['feedback'],
    timeoutMs: timing.feedback,
    reason: 'the customer to say how it went',
  })
  flow.task('record-failure', capabilities.recordFailure, {
    input: {
      caseId: alert.alertId,
      vehicle: evidence.vehicle,
      system: alert.system,
      hypothesis: likeliest,
      workOrder: visit.workOrder,
      feedback: feedback.payload,
    },
    set: ({ failureId, capaId }) => ({ failureId, capaId }),
  })
}
