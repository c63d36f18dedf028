/** Models trained on some machines, served to others event by event as the product does. */
import {
  createRiskState,
  riskAt,
  riskEventsInOrder,
  stepRisk,
  trainRisk,
  type RiskModel,
  type RiskOptions,
  type UnitHistory,
} from '@pitcrew/detection'
import type { Foretold } from './calibration.ts'
import { failuresOf, until } from './histories.ts'
import { hourMs, type Alarm } from './score.ts'

export interface Served {
  /** In the order of machines, then time. */
  alarms: Alarm[]
  /** After each moment with a code whose outcome is known, for every component. */
  foretold: Foretold[]
  /** The greatest that the state of a machine became, as JSON. */
  stateBytes: number
}

export interface Split {
  folds: number
  options: RiskOptions
  /** When given, training ends and what is served counts from here. */
  cutMs?: number
}

/** Each fold is every n-th machine in the order of the fleet, served by a model that was trained on the others. */
export function heldOut(fleet: readonly UnitHistory[], { folds, options, cutMs }: Split): Served {
  const all: Served = { alarms: [], foretold: [], stateBytes: 0 }
  for (let fold = 0; fold < folds; fold += 1) {
    const others = fleet.filter((_, index) => index % folds !== fold)
    const model = trainRisk(cutMs === undefined ? others : others.map((unit) => until(unit, cutMs)), options)
    for (const unit of fleet.filter((_, index) => index % folds === fold)) {
      const { alarms, foretold, stateBytes } = serve(model, unit, cutMs)
      all.alarms.push(...alarms)
      all.foretold.push(...foretold)
      all.stateBytes = Math.max(all.stateBytes, stateBytes)
    }
  }
  return all
}

/** Failures are passed as nothing but the visits that repaired them: a machine does not report that it failed. */
function serve(model: RiskModel, unit: UnitHistory, fromMs = -Infinity): Served {
  const served: Served = { alarms: [], foretold: [], stateBytes: 0 }
  const failures = failuresOf(unit)
  let state = createRiskState(unit.statics, unit.observed.fromMs)
  for (const event of riskEventsInOrder(unit.events)) {
    if (event.kind === 'failure') continue
    const step = stepRisk(model, state, event)
    const { atMs } = event
    state = step.state
    served.stateBytes = Math.max(served.stateBytes, JSON.stringify(state).length)
    if (event.kind !== 'codes' || atMs < fromMs) continue
    served.alarms.push(...step.findings.map((finding) => ({ ...finding, unit: unit.unit })))
    if (atMs + model.horizonHours * hourMs > unit.observed.toMs) continue
    for (const { component, probability } of riskAt(model, state, atMs)) {
      const failed = failures.some(
        (failure) => failure.component === component && isWithin(failure.atMs - atMs, model.horizonHours),
      )
      served.foretold.push({ probability, failed })
    }
  }
  return served
}

const isWithin = (ms: number, hours: number): boolean => ms > 0 && ms <= hours * hourMs
