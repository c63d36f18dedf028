/**
 * All that is remembered of one vehicle.
 *
 * Invariants:
 * 1. Bounded, below 64 KB as JSON: signals are those of the catalogue, at most `mostSignals` besides those that are watched;
 *    monitors those of the table; codes at most `mostCodes`.
 * 2. Plain JSON with finite numbers: `fromJSON(JSON.parse(JSON.stringify(toJSON(state))))` goes on exactly where it was.
 */
import { Terminal } from '@pitcrew/errors'
import type { VehicleSystem } from '@pitcrew/signals'
import type { AlertState } from './alert-policy.ts'
import type { Progresses } from './code-progress.ts'
import type { MonitorState } from './monitor-state.ts'
import type { ModelMemories } from './models/model-findings.ts'
import { createRegime, type Regime } from './regime.ts'
import { summarise, type SignalState, type SignalSummary } from './signal-state.ts'

/**
 * Of the layout. A state of version 1 is carried over with what it knows; one of any other is refused and the vehicle learned
 * anew, which takes minutes of driving.
 */
export const stateVersion = 2
export const mostCodes = 64
/** Signals whose levels are kept beside those that monitors and regime need; a logger gives some 30. */
export const mostSignals = 96

export interface VehicleState {
  version: number
  vehicleId: string
  frames: number
  /** Frames older than the newest one: counted, not analysed. */
  lateFrames: number
  firstMs: number
  lastMs: number
  regime: Regime
  /** Last known value of each signal of this trip. */
  latest: Record<string, number>
  signals: Record<string, SignalState>
  monitors: Record<string, MonitorState>
  /** Active fault codes and when each was first seen. */
  codes: Record<string, number>
  /** How these codes, pending ones and those that have gone got on. */
  codeProgress: Progresses
  alerts: Partial<Record<VehicleSystem, AlertState>>
  assessedMs: number
  /** By name, of the models that serve it. */
  models: ModelMemories
}

export function createVehicleState(vehicleId: string): VehicleState {
  return {
    version: stateVersion,
    vehicleId,
    frames: 0,
    lateFrames: 0,
    firstMs: 0,
    lastMs: 0,
    regime: createRegime(),
    latest: {},
    signals: {},
    monitors: {},
    codes: {},
    codeProgress: {},
    alerts: {},
    assessedMs: 0,
    models: {},
  }
}

/** A copy that nothing else holds on to, fit for JSON. */
export function toJSON(state: VehicleState): VehicleState {
  return structuredClone(state)
}

/** The state from its JSON. Throws Terminal STATE_INVALID when it is none, or of another version. */
export function fromJSON(json: unknown): VehicleState {
  const state = json as Partial<VehicleState> | null
  if (typeof state !== 'object' || state === null || typeof state.vehicleId !== 'string')
    throw new Terminal('STATE_INVALID', 'this is no vehicle state: expected an object with a vehicleId')
  if (state.version === 1) return carryOver(state as VehicleState)
  if (state.version !== stateVersion)
    throw new Terminal('STATE_INVALID', `state has version ${state.version}: expected ${stateVersion}`, {
      hint: 'Start the vehicle from createVehicleState: its levels are learned again within minutes of driving.',
    })
  return structuredClone(state as VehicleState)
}

/** Version 1 knew nothing of the progress of codes, of models, and of how long a dip lasts. */
function carryOver(before: VehicleState): VehicleState {
  const known = structuredClone(before)
  const regime = { ...createRegime(), ...known.regime }
  return { ...createVehicleState(known.vehicleId), ...known, regime, version: stateVersion }
}

export function summaries(state: VehicleState): SignalSummary[] {
  return Object.entries(state.signals).map(([path, signal]) => summarise(path, signal))
}
