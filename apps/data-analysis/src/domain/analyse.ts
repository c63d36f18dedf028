/** The hot path: one frame of one vehicle through every detector. Mutates the state in place and allocates only on news. */
import { signals as catalogue, type SignalFrame } from '@pitcrew/signals'
import { codeFindings, trackCodes } from './code-findings.ts'
import type { Finding } from './finding.ts'
import { findingsOf } from './monitor-findings.ts'
import { advanceMonitor, createMonitorState } from './monitor-state.ts'
import { monitors } from './monitors/index.ts'
import { advanceRegime, beginTrip, tripGapMs } from './regime.ts'
import { advanceSignal, createSignalState, longestStep } from './signal-state.ts'
import type { VehicleState } from './vehicle-state.ts'

/** Smallest meaningful spread of each signal: a five-hundredth of its range, which is about the resolution of OBD bytes. */
const floors = new Map(catalogue.map(({ path, min, max }) => [path, (max - min) / 500]))

const silent: Finding[] = []

export interface Analysis {
  state: VehicleState
  /** What the detectors say now: empty for a healthy vehicle. */
  findings: Finding[]
}

/**
 * Advances the state by one frame. Frames may be partial (what is missing keeps its last value); a frame older than the
 * newest one is counted and left out; the same frame twice changes nothing.
 */
export function analyse(state: VehicleState, frame: SignalFrame): Analysis {
  const { timeMs } = frame
  if (timeMs < state.lastMs) {
    state.lateFrames++
    return { state, findings: silent }
  }
  const first = state.frames === 0
  if (first) state.firstMs = timeMs
  let sinceLast = first ? 0 : timeMs - state.lastMs
  if (sinceLast > tripGapMs) {
    beginTrip(state.regime)
    state.latest = {}
    // Nothing is known of the time between two trips, so it must not count as time of either.
    sinceLast = 0
  }
  state.frames++
  state.lastMs = timeMs
  takeValues(state, frame.values, timeMs)
  advanceRegime(state.regime, state.latest, Math.min(sinceLast / 1_000, longestStep))
  if (frame.dtcs !== undefined) trackCodes(state.codes, frame.dtcs, timeMs)
  return { state, findings: runMonitors(state, frame.values, timeMs) }
}

function takeValues(state: VehicleState, values: Record<string, number>, timeMs: number): void {
  const { signals, latest } = state
  for (const path in values) {
    const value = values[path]!
    const floor = floors.get(path)
    // Ingest has refused what is unknown or not finite; a frame from elsewhere must not poison the state either.
    if (floor === undefined || !Number.isFinite(value)) continue
    latest[path] = value
    const known = signals[path]
    if (known === undefined) signals[path] = createSignalState(value, timeMs)
    else advanceSignal(known, value, timeMs, floor)
  }
}

function runMonitors(state: VehicleState, values: Record<string, number>, timeMs: number): Finding[] {
  const { regime, latest } = state
  let findings = silent
  const at = { timeMs, step: 0, trip: regime.trip }
  for (const monitor of monitors) {
    if (values[monitor.signal] === undefined) continue
    const measure = monitor.measure(latest, regime)
    if (Number.isNaN(measure)) continue
    const monitorState = (state.monitors[monitor.name] ??= createMonitorState(monitor))
    at.step = Math.min(state.signals[monitor.signal]?.step ?? 0, longestStep)
    const speaks = advanceMonitor(monitor, monitorState, measure, monitor.steady(latest, regime), at)
    if (speaks) findings = findings.concat(findingsOf(monitor, monitorState))
  }
  for (const code in state.codes) {
    findings = findings.concat(codeFindings(code, state.codes[code]!))
  }
  return findings
}
