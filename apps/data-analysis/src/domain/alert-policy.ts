/**
 * One alert per vehicle and system, however often its evidence comes and goes, until its case has ended.
 *
 *   quiet → open ⇄ cleared      evidence raises the alert, goes, returns
 *   open → settled → open       the case ended without a repair; only news raises another alert for a while
 *   cleared → quiet             the case ended after the evidence had gone
 *
 * Invariants:
 * 1. `raise` comes once per alert; until its case has ended only `escalate` (more urgent, or a new fault code), `clear` and
 *    `reopen` follow, all under its id.
 * 2. Urgency never falls while an alert is open.
 * 3. Raising and clearing have different thresholds and both must hold for a while (hysteresis; alert-thresholds.ts).
 * 4. Who declined is not asked again about the same: a settled alert is raised anew only when it is more urgent, has a
 *    new fault code, or `renewAfterMs` have passed.
 */
import type { VehicleSystem } from '@pitcrew/signals'
import { defaultThresholds, type AlertThresholds } from './alert-thresholds.ts'
import type { Assessment } from './assess.ts'
import { moreUrgent, type Urgency } from './urgency.ts'

export type AlertState =
  | { status: 'quiet'; suspectSinceMs: number | null }
  | {
      status: 'open'
      alertId: string
      raisedAtMs: number
      revision: number
      urgency: Urgency
      codes: string[]
      quietSinceMs: number | null
    }
  | {
      /** The evidence has gone, the case goes on. */
      status: 'cleared'
      alertId: string
      raisedAtMs: number
      revision: number
      urgency: Urgency
      codes: string[]
      clearedAtMs: number
      suspectSinceMs: number | null
    }
  | {
      /** The case ended without a repair: what was known then is no news for a while, whether it comes and goes or stays. */
      status: 'settled'
      urgency: Urgency
      codes: string[]
      settledAtMs: number
    }

export type AlertDecision =
  | { kind: 'nothing' }
  | { kind: 'raise'; alertId: string; revision: number; assessment: Assessment }
  | { kind: 'escalate'; alertId: string; revision: number; reason: 'urgency' | 'fault-code'; assessment: Assessment }
  | { kind: 'clear'; alertId: string; revision: number; system: VehicleSystem }
  | { kind: 'reopen'; alertId: string; revision: number; system: VehicleSystem }

const day = 86_400_000
export const renewAfterMs = 7 * day
/** A case that ends is told of; one that was lost with its orchestrator must not silence the vehicle for ever. */
export const abandonAfterMs = 30 * day

export const quiet: AlertState = { status: 'quiet', suspectSinceMs: null }
const nothing: AlertDecision = { kind: 'nothing' }

/**
 * The id of an alert follows from what it is about and when, so that the same frames raise the same alert again. It is a
 * NATS token and a URL path segment as it stands: ingest accepts no vehicle id with other characters than these.
 */
const alertIdOf = (vehicleId: string, system: VehicleSystem, raisedAtMs: number) =>
  `${vehicleId}-${system.toLowerCase()}-${raisedAtMs.toString(36)}`.replaceAll(/[^A-Za-z0-9._-]/g, '_')

/**
 * What to do about one system now. `assessment` is undefined when nothing speaks against the system. The state is not
 * modified; keep the returned one.
 */
export function decideAlert(
  state: AlertState,
  given: { vehicleId: string; system: VehicleSystem; nowMs: number; thresholds?: AlertThresholds },
  assessment: Assessment | undefined,
): { state: AlertState; decision: AlertDecision } {
  const about: About = { thresholds: defaultThresholds, ...given }
  switch (state.status) {
    case 'quiet':
      return decideQuiet(state, about, assessment)
    case 'open':
      return decideOpen(state, about, assessment)
    case 'cleared':
      return decideCleared(state, about, assessment)
    case 'settled':
      return decideSettled(state, about, assessment)
    default:
      return state satisfies never
  }
}

type About = { vehicleId: string; system: VehicleSystem; nowMs: number; thresholds: AlertThresholds }
type Decided = { state: AlertState; decision: AlertDecision }
type InState<S extends AlertState['status']> = Extract<AlertState, { status: S }>

/** The case of this alert has ended without a repair. `nowMs`: device time. The state is not modified. */
export function caseEnded(state: AlertState, alertId: string, nowMs: number): AlertState {
  if (state.status === 'cleared' && state.alertId === alertId) return quiet
  if (state.status !== 'open' || state.alertId !== alertId) return state
  const { urgency, codes } = state
  return { status: 'settled', urgency, codes, settledAtMs: nowMs }
}

function decideQuiet({ suspectSinceMs }: InState<'quiet'>, about: About, assessment: Assessment | undefined): Decided {
  if (!assessment || assessment.probability < about.thresholds.raiseProbability)
    return { state: quiet, decision: nothing }
  const since = suspectSinceMs ?? about.nowMs
  if (about.nowMs - since < about.thresholds.raiseAfterMs)
    return { state: { status: 'quiet', suspectSinceMs: since }, decision: nothing }
  return raise(about, assessment)
}

function raise({ vehicleId, system, nowMs }: About, assessment: Assessment): Decided {
  const alertId = alertIdOf(vehicleId, system, nowMs)
  return {
    state: {
      status: 'open',
      alertId,
      raisedAtMs: nowMs,
      revision: 1,
      urgency: assessment.urgency,
      codes: codesOf(assessment),
      quietSinceMs: null,
    },
    decision: { kind: 'raise', alertId, revision: 1, assessment },
  }
}

function decideOpen(state: InState<'open'>, about: About, assessment: Assessment | undefined): Decided {
  const { alertId } = state
  const { system, nowMs, thresholds } = about
  if (!assessment || assessment.probability < thresholds.clearProbability) {
    const quietSinceMs = state.quietSinceMs ?? nowMs
    if (nowMs - quietSinceMs < thresholds.clearAfterMs) return { state: { ...state, quietSinceMs }, decision: nothing }
    const { raisedAtMs, urgency, codes } = state
    const revision = state.revision + 1
    return {
      state: {
        status: 'cleared',
        alertId,
        raisedAtMs,
        revision,
        urgency,
        codes,
        clearedAtMs: nowMs,
        suspectSinceMs: null,
      },
      decision: { kind: 'clear', alertId, revision, system },
    }
  }
  const { newCodes, urgent } = newsOf(state, about, assessment)
  if (!urgent && newCodes.length === 0) return { state: { ...state, quietSinceMs: null }, decision: nothing }
  const revision = state.revision + 1
  return {
    state: {
      ...state,
      quietSinceMs: null,
      revision,
      urgency: urgent ? assessment.urgency : state.urgency,
      codes: [...state.codes, ...newCodes],
    },
    decision: { kind: 'escalate', alertId, revision, reason: urgent ? 'urgency' : 'fault-code', assessment },
  }
}

/** The return of what is known already is no news: only the alert's row learns of it. */
function decideCleared(state: InState<'cleared'>, about: About, assessment: Assessment | undefined): Decided {
  const { nowMs, system } = about
  const { clearedAtMs, suspectSinceMs, ...alert } = state
  if (nowMs - clearedAtMs >= abandonAfterMs) return decideQuiet({ status: 'quiet', suspectSinceMs }, about, assessment)
  if (!assessment || assessment.probability < about.thresholds.raiseProbability)
    return { state: { ...state, suspectSinceMs: null }, decision: nothing }
  const since = suspectSinceMs ?? nowMs
  if (nowMs - since < about.thresholds.raiseAfterMs)
    return { state: { ...state, suspectSinceMs: since }, decision: nothing }
  const open: InState<'open'> = { ...alert, status: 'open', quietSinceMs: null }
  const { newCodes, urgent } = newsOf(open, about, assessment)
  if (urgent || newCodes.length > 0) return decideOpen(open, about, assessment)
  const revision = state.revision + 1
  return { state: { ...open, revision }, decision: { kind: 'reopen', alertId: state.alertId, revision, system } }
}

function decideSettled(state: InState<'settled'>, about: About, assessment: Assessment | undefined): Decided {
  if (about.nowMs - state.settledAtMs >= renewAfterMs)
    return decideQuiet({ status: 'quiet', suspectSinceMs: null }, about, assessment)
  if (!assessment || assessment.probability < about.thresholds.raiseProbability) return { state, decision: nothing }
  const { newCodes, urgent } = newsOf(state, about, assessment)
  return urgent || newCodes.length > 0 ? raise(about, assessment) : { state, decision: nothing }
}

function newsOf(
  { codes, urgency }: { codes: string[]; urgency: Urgency },
  { thresholds }: About,
  assessment: Assessment,
) {
  return {
    newCodes: codesOf(assessment).filter((code) => !codes.includes(code)),
    urgent: assessment.probability >= thresholds.raiseProbability && moreUrgent(assessment.urgency, urgency),
  }
}

const codesOf = ({ evidence }: Assessment) => evidence.flatMap(({ dtc }) => (dtc === '' ? [] : [dtc]))
