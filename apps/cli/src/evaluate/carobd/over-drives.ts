/**
 * Slow degradation of a known vehicle: all drives of the folder are its own, the fault begins after a quarter of them and
 * takes until nine tenths. What learns a vehicle's level must not learn the fault with it.
 */
import { detection } from '@pitcrew/data-analysis'
import type { SignalFrame } from '@pitcrew/signals'
import { faults, inject, type Development, type Fault } from '@pitcrew/simulator'
import { joined } from './drive.ts'
import { crossingOf, paceOf } from './injection.ts'

export interface SlowRun {
  fault: string
  development: Development
  /** Hours of the vehicle's time, rests between drives with them; undefined when the limit was not reached. */
  limitHours: number | undefined
  alertHours: number | undefined
  foreign: string[]
}

const begins = 0.25
const ends = 0.9
export const slowRestMs = 660_000
const hourMs = 3_600_000

export function slowRuns(drives: ReadonlyMap<string, readonly SignalFrame[]>): SlowRun[] {
  const spans = [...drives.values()].map((frames) => frames.at(-1)!.timeMs - frames[0]!.timeMs)
  const seconds = spans.reduce((sum, span) => sum + span + slowRestMs, 0) / 1_000
  return faults.flatMap((fault) =>
    fault.developments.map((development) => slowRun(fault, development, joined(drives.values(), slowRestMs), seconds)),
  )
}

function slowRun(fault: Fault, development: Development, drives: Iterable<SignalFrame>, seconds: number): SlowRun {
  const documented = fault.parameters.development?.default ?? (0.5 * 3_600) / fault.parameters.lossPerHour!.default
  const pace = paceOf(fault, ((ends - begins) * seconds) / documented)
  const overlay = inject(fault.name, { ...pace, onset: begins * seconds }, development)
  const crossing = crossingOf(fault.limit)
  const state = detection.createVehicleState('slow')
  const run: SlowRun = { fault: fault.name, development, limitHours: undefined, alertHours: undefined, foreign: [] }
  for (const healthy of drives) {
    const faulty = overlay(healthy)
    const elapsed = (timeMs: number) => (timeMs - (state.frames === 0 ? timeMs : state.firstMs)) / hourMs
    const crossedMs = crossing(healthy, faulty)
    if (crossedMs !== undefined) run.limitHours ??= elapsed(crossedMs)
    for (const decision of detection.watch(state, faulty).decisions) {
      if (decision.kind !== 'raise') continue
      const { system } = decision.assessment
      if (system === fault.system) run.alertHours ??= elapsed(faulty.timeMs)
      else run.foreign.push(system)
    }
  }
  return run
}
