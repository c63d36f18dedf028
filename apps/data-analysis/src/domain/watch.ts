/** From a frame to what must be told: analysis, fusion and alert policy in one step. */
import { vehicleSystems, type SignalFrame, type VehicleSystem } from '@pitcrew/signals'
import { caseEnded, decideAlert, quiet, type AlertDecision } from './alert-policy.ts'
import { admitted, capped } from './alert-rules/rule.ts'
import { defaultThresholds, weighed, type AlertThresholds } from './alert-thresholds.ts'
import { analyse } from './analyse.ts'
import { assess, type Assessment } from './assess.ts'
import { systemOfCode } from './code-findings.ts'
import type { Finding } from './finding.ts'
import { monitors } from './monitors/index.ts'
import { modelFindings, modelsSilent, type BrokenModel } from './models/model-findings.ts'
import { dueFindings } from './planned-maintenance/due-findings.ts'
import { alone, type Surroundings } from './surroundings.ts'
import type { VehicleState } from './vehicle-state.ts'

/** Judgements change over minutes: fusing at every frame of a fast vehicle would find nothing more. */
const assessEveryMs = 2_000

export interface Watch {
  findings: Finding[]
  /** Empty when it was not time for one, or nothing speaks. */
  assessments: Assessment[]
  /** Without the `nothing` ones. */
  decisions: Exclude<AlertDecision, { kind: 'nothing' }>[]
  /** Models that threw at this very frame: they are left out for this vehicle from now on. */
  broken: BrokenModel[]
}

const calm: Watch = { findings: [], assessments: [], decisions: [], broken: [] }

/** Advances the state (in place) by one frame and says what to publish. */
export function watch(state: VehicleState, frame: SignalFrame, surroundings: Surroundings = alone): Watch {
  const late = frame.timeMs < state.lastMs
  const said = analyse(state, frame, surroundings).findings
  const models = late ? modelsSilent : modelFindings(state.models, frame, surroundings)
  const due = dueFindings(surroundings.due, frame.timeMs)
  const all = models.findings.length + due.length === 0 ? said : said.concat(models.findings, due)
  const thresholds = thresholdsOf(surroundings)
  const findings = weighed(admitted(all, surroundings.rules), thresholds)
  const { broken } = models
  if (findings.length === 0 && broken.length === 0 && !hasAlertState(state)) return calm
  if (late || frame.timeMs - state.assessedMs < assessEveryMs)
    return { findings, assessments: [], decisions: [], broken }
  state.assessedMs = frame.timeMs
  const assessments = assess(findings).map((assessment) => capped(assessment, surroundings.rules))
  const decisions: Watch['decisions'] = []
  for (const system of vehicleSystems) {
    const assessment = assessments.find((entry) => entry.system === system)
    const before = state.alerts[system]
    if (!assessment && !before) continue
    const about = { vehicleId: state.vehicleId, system, nowMs: frame.timeMs, thresholds }
    const { state: after, decision } = decideAlert(before ?? quiet, about, assessment)
    if (after === quiet) delete state.alerts[system]
    else state.alerts[system] = after
    if (decision.kind !== 'nothing') decisions.push(decision)
  }
  return { findings, assessments, decisions, broken }
}

/** Of the first roll-out of thresholds that serves the vehicle. */
function thresholdsOf({ served }: Surroundings): AlertThresholds {
  for (const model of served) if (model.kind === 'thresholds') return model.thresholds
  return defaultThresholds
}

function hasAlertState(state: VehicleState): boolean {
  for (const _ in state.alerts) return true
  return false
}

/**
 * The system has been repaired: its alert is closed without a `clear`, and its monitors learn the level of the new part
 * from the start.
 */
export function forgetSystem(state: VehicleState, system: VehicleSystem): void {
  delete state.alerts[system]
  for (const code in state.codeProgress) if (systemOfCode(code) === system) delete state.codeProgress[code]
  for (const monitor of monitors) if (monitor.system === system) delete state.monitors[monitor.name]
}

/** The case of this alert has ended and nothing was repaired: what the monitors have learned stays. */
export function settleAlert(state: VehicleState, system: VehicleSystem, alertId: string): void {
  const before = state.alerts[system]
  if (!before) return
  const after = caseEnded(before, alertId, state.lastMs)
  if (after === quiet) delete state.alerts[system]
  else state.alerts[system] = after
}
