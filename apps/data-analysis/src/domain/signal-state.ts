/**
 * A robust picture of one signal in constant memory: level and spread by exponential Huber means (an outlier moves the
 * level by at most three spreads), extremes, and a two-sided CUSUM (Page 1954) that says whether it moved away.
 * It is evidence for diagnosis; alarms come from monitors, which know the physics.
 */

// Looked up once: on the hot path, and a global costs far more in the realm of a test.
const { abs, max, min } = Math

export interface SignalState {
  last: number
  lastMs: number
  /** Seconds between the last two readings, at most `longestStep`. */
  step: number
  count: number
  level: number
  spread: number
  min: number
  max: number
  /** Accumulated excess above and below the level, spread-seconds. */
  up: number
  down: number
}

export interface SignalSummary extends SignalState {
  path: string
  changed: 'up' | 'down' | 'no'
}

const tauSeconds = 300
/** A longer silence than this says nothing about the time in between. */
export const longestStep = 60
const huber = 3
/** Drift that is no change, and the sum that is one: half a minute at the clip above the drift is not, two minutes are. */
const drift = 1.5
const clip = 4
const decision = 240
/** Spread factor of the mean absolute deviation of a normal distribution: sqrt(pi / 2). */
const deviationToSpread = 1.2533

export function createSignalState(value: number, timeMs: number): SignalState {
  return {
    last: value,
    lastMs: timeMs,
    step: 0,
    count: 1,
    level: value,
    spread: 0,
    min: value,
    max: value,
    up: 0,
    down: 0,
  }
}

/** Advances in place. `floor` is the smallest spread that means anything: the resolution of the sensor. */
export function advanceSignal(state: SignalState, value: number, timeMs: number, floor: number): void {
  const elapsed = min((timeMs - state.lastMs) / 1_000, longestStep)
  state.step = elapsed
  state.count++
  state.last = value
  state.lastMs = timeMs
  if (value < state.min) state.min = value
  if (value > state.max) state.max = value
  // The first samples count alike, later ones by time.
  const weight = max(elapsed / (tauSeconds + elapsed), elapsed > 0 ? 1 / state.count : 0)
  const spread = state.spread > floor ? state.spread : floor
  const residual = value - state.level
  const bounded = min(max(residual, -huber * spread), huber * spread)
  state.level += weight * (state.count < 10 ? residual : bounded)
  state.spread += weight * (min(abs(residual), 2 * huber * spread) * deviationToSpread - state.spread)
  const z = min(max(residual / spread, -clip), clip)
  state.up = min(max(state.up + elapsed * (z - drift), 0), 2 * decision)
  state.down = min(max(state.down + elapsed * (-z - drift), 0), 2 * decision)
}

export function summarise(path: string, state: SignalState): SignalSummary {
  return { path, ...state, changed: state.up > decision ? 'up' : state.down > decision ? 'down' : 'no' }
}
