/** The hot path: one frame of one vehicle through every detector. Mutates the state in place and allocates only on news. */
import { signals as catalogue, type RawFault, type SignalFrame } from '@pitcrew/signals'
import { codeFindings, trackCodes } from './code-findings.ts'
import { trackProgress } from './code-progress.ts'
import type { Finding } from './finding.ts'
import { findingsOf } from './monitor-findings.ts'
import { advanceMonitor, createMonitorState } from './monitor-state.ts'
import { measuredSignals, monitors } from './monitors/index.ts'
import { peerFinding, type PeerLevels } from './peers.ts'
import { progressFindings } from './progress-findings.ts'
import { advanceRegime, beginTrip, regimeSignals, tripGapMs } from './regime.ts'
import { advanceSignal, createSignalState, longestStep } from './signal-state.ts'
import { alone, type Surroundings } from './surroundings.ts'
import { mostSignals, type VehicleState } from './vehicle-state.ts'

// Looked up once: on the hot path, and a global costs far more in the realm of a test.
const { isFinite, isNaN } = Number
const { min } = Math

/** Smallest meaningful spread of each signal: a five-hundredth of its range, which is about the resolution of OBD bytes. */
const floors = new Map(catalogue.map(({ path, ...range }) => [path, (range.max - range.min) / 500]))

/** What monitors and regime are made of: kept whatever else a vehicle reports. */
const indispensable = new Set([...monitors.map(({ signal }) => signal), ...regimeSignals, ...measuredSignals])

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
export function analyse(state: VehicleState, frame: SignalFrame, surroundings: Surroundings = alone): Analysis {
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
  advanceRegime(state.regime, state.latest, min(sinceLast / 1_000, longestStep))
  if (frame.dtcs !== undefined) takeCodes(state, frame.dtcs, frame.faults, timeMs)
  return { state, findings: appendCodes(state, runMonitors(state, frame.values, timeMs, surroundings.peers)) }
}

/** Asked once for each new signal of a vehicle. */
function mayKeep(signals: VehicleState['signals'], path: string): boolean {
  return indispensable.has(path) || Object.keys(signals).length < mostSignals
}

function takeValues(state: VehicleState, values: Record<string, number>, timeMs: number): void {
  const { signals, latest } = state
  for (const path in values) {
    const value = values[path]!
    const floor = floors.get(path)
    // Ingest has refused what is unknown or not finite; a frame from elsewhere must not poison the state either.
    if (floor === undefined || !isFinite(value)) continue
    const known = signals[path]
    if (known === undefined && !mayKeep(signals, path)) continue
    latest[path] = value
    if (known === undefined) signals[path] = createSignalState(value, timeMs)
    else advanceSignal(known, value, timeMs, floor)
  }
}

/** A device that tells no more of a code than that it is active tells of a confirmed one. */
function takeCodes(
  state: VehicleState,
  dtcs: readonly string[],
  faults: readonly RawFault[] | undefined,
  timeMs: number,
): void {
  trackCodes(state.codes, dtcs, timeMs)
  if (dtcs.length === 0 && faults === undefined && isEmpty(state.codeProgress)) return
  const told = faults ?? []
  const bare = dtcs.filter((code) => !told.some((fault) => fault.code === code))
  const confirmed = bare.map((code): RawFault => ({ code, status: 'CONFIRMED', lamp: 'NONE', occurrences: 0 }))
  trackProgress(state.codeProgress, [...told, ...confirmed], timeMs)
}

function appendCodes({ codes, codeProgress }: VehicleState, findings: Finding[]): Finding[] {
  if (isEmpty(codeProgress) && isEmpty(codes)) return findings
  let all = findings
  for (const code in codes) all = all.concat(codeFindings(code, codes[code]!))
  return all.concat(progressFindings(codeProgress))
}

function isEmpty(record: Record<string, unknown>): boolean {
  for (const _ in record) return false
  return true
}

function runMonitors(
  state: VehicleState,
  values: Record<string, number>,
  timeMs: number,
  peers: PeerLevels | undefined,
): Finding[] {
  const { regime, latest } = state
  let findings = silent
  const at = { timeMs, step: 0, trip: regime.trip }
  for (const monitor of monitors) {
    if (values[monitor.signal] === undefined) continue
    const measure = monitor.measure(latest, regime)
    if (isNaN(measure)) continue
    const monitorState = (state.monitors[monitor.name] ??= createMonitorState(monitor))
    at.step = min(state.signals[monitor.signal]?.step ?? 0, longestStep)
    const speaks = advanceMonitor(monitor, monitorState, measure, monitor.steady(latest, regime), at)
    if (speaks) findings = findings.concat(findingsOf(monitor, monitorState))
    const peer = peers?.[monitor.name]
    if (peer) findings = findings.concat(peerFinding(monitor, monitorState, peer, timeMs))
  }
  return findings
}
