/** Failure risk of components from codes and repairs. */
import { createRiskState, riskAt, stepRisk, type RiskFinding } from '@pitcrew/detection'
import type { SignalFrame, VehicleSystem } from '@pitcrew/signals'
import type { Finding } from '../finding.ts'
import { hours } from '../interval.ts'
import type { Surroundings } from '../surroundings.ts'
import type { ModelMemory, RiskTold } from './model-memory.ts'
import type { ServedModel } from './served-model.ts'

type Served = Extract<ServedModel, { kind: 'risk' }>
type Memory = Extract<ModelMemory, { kind: 'risk' }>

const yearMs = 365.25 * 86_400_000
/** Without news a risk changes over hours: it is looked at again this often. */
const againMs = 600_000

export function beginRisk({ version }: Served, { vehicleModel, inServiceMs }: Surroundings, nowMs: number): Memory {
  const ageYears = inServiceMs === undefined ? 0 : Math.max(0, nowMs - inServiceMs) / yearMs
  const state = createRiskState({ model: vehicleModel, ageYears })
  return { kind: 'risk', version, state, codes: [], told: [], toldMs: 0 }
}

/** A code that was there before is no event. */
export function advanceRisk({ model }: Served, memory: Memory, { timeMs, dtcs }: SignalFrame): void {
  if (dtcs !== undefined) {
    const known = dtcs.filter((code) => model.codes.includes(code))
    const fresh = known.filter((code) => !memory.codes.includes(code))
    memory.codes = known
    if (fresh.length > 0) {
      memory.state = stepRisk(model, memory.state, { kind: 'codes', atMs: timeMs, codes: fresh }).state
      memory.toldMs = 0
    }
  }
  if (timeMs - memory.toldMs < againMs) return
  memory.told = riskAt(model, memory.state, timeMs)
    .filter(({ alarm }) => alarm)
    .map(toldOf)
  memory.toldMs = timeMs
}

/** The component is new. */
export function noteReplacement({ model }: Served, memory: Memory, component: string, atMs: number): void {
  memory.state = stepRisk(model, memory.state, { kind: 'maintenance', atMs, components: [component] }).state
  memory.toldMs = 0
}

const toldOf = ({ component, probability, timeToFailureHours, text }: RiskFinding): RiskTold => ({
  component,
  probability,
  hours: timeToFailureHours,
  text,
})

export function riskFindings({ name, version, model, systems }: Served, { told, toldMs }: Memory): Finding[] {
  return told.flatMap(({ component, probability, hours: { low, median, high }, text }) => {
    const system: VehicleSystem | undefined = systems[component]
    if (system === undefined) return []
    return [
      {
        system,
        detector: 'risk-model' as const,
        feature: `${name}:${component}`,
        signal: '',
        dtc: '',
        value: probability,
        expected: model.alarmAt,
        strength: Math.min(probability, 0.95),
        sinceMs: toldMs,
        timeToFailure: hours(low, median, high),
        explanation: `${name} ${version}: ${text}`,
      },
    ]
  })
}
