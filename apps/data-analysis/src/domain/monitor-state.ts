/**
 * The detectors of one monitor: level against the vehicle's own learned level, change (CUSUM), limit with dwell and
 * hysteresis, trend to the limit.
 *
 * Invariants:
 * 1. Constant size and plain numbers; restored state continues exactly where it was.
 * 2. Learning stops while the measure is off its level, so that a fault is never learned as normal.
 * 3. A frame that carries no elapsed time changes no detector.
 */
import { follow } from './regime.ts'
import { advanceTrend, clearTrend, createTrend, slopeOf, type Slope, type TrendState } from './trend.ts'
import { learnSeconds, levelDwellSeconds, levelSigmas, relearnTauSeconds, type Monitor } from './monitor.ts'

// Looked up once: on the hot path, and a global costs far more in the realm of a test.
const { abs, max, min } = Math

export interface MonitorState {
  trip: number
  /** Smoothed measure, and seconds of it in this trip. */
  level: number
  seconds: number
  /** The vehicle's own healthy level and the steady seconds that it was learned from. */
  baseline: number
  learnedSeconds: number
  /** Deviation of the level from the baseline towards the bad side, in sigmas. */
  deviation: number
  levelHeld: number
  levelSinceMs: number
  cusum: number
  changeSinceMs: number
  limitHeld: number
  limitSinceMs: number
  trend: TrendState
  slope: Slope | null
  trendSinceMs: number
}

/** Drift allowed by the CUSUM (sigmas) and the sum (sigma-seconds) that makes a change. */
const cusumDrift = 0.7 * levelSigmas
const cusumDecision = levelSigmas * 30
const cusumClip = 2.5 * levelSigmas
/** Most that a large deviation shortens the dwell of the level. */
const mostHaste = 3
/** Of the trend: what the extrapolation to the limit hangs on. */
const recentBins = 10
/** A detector that has spoken falls silent only below this share of what made it speak. */
const release = 0.6

export function createMonitorState(monitor: Monitor): MonitorState {
  return {
    trip: -1,
    level: 0,
    seconds: 0,
    baseline: monitor.expected,
    learnedSeconds: 0,
    deviation: 0,
    levelHeld: 0,
    levelSinceMs: 0,
    cusum: 0,
    changeSinceMs: 0,
    limitHeld: 0,
    limitSinceMs: 0,
    trend: createTrend(),
    slope: null,
    trendSinceMs: 0,
  }
}

/** Advances in place; `value` must be a number. True when some detector speaks. */
export function advanceMonitor(
  monitor: Monitor,
  state: MonitorState,
  value: number,
  steady: boolean,
  at: { timeMs: number; step: number; trip: number },
): boolean {
  if (state.trip !== at.trip) beginTrip(monitor, state, value, at.trip)
  const { step, timeMs } = at
  const sign = monitor.direction === 'high' ? 1 : -1
  state.seconds += step
  state.level = follow(state.level, value, step, min(monitor.tauSeconds, state.seconds))
  state.deviation = (sign * (state.level - referenceOf(monitor, state))) / monitor.sigma
  if (steady) learn(monitor, state, step)
  advanceLevel(state, timeMs, step)
  advanceChange(state, timeMs, step)
  advanceLimit(monitor, state, sign * value, sign * monitor.limit, timeMs, step)
  if (steady && step > 0) advanceSlope(monitor, state, sign, timeMs, step)
  return speaks(state)
}

/** Whether some detector says something. */
export function speaks({ levelSinceMs, changeSinceMs, limitSinceMs, trendSinceMs }: MonitorState): boolean {
  return levelSinceMs > 0 || changeSinceMs > 0 || limitSinceMs > 0 || trendSinceMs > 0
}

/** The learned level; until it is learned, the end of its range that accuses last. */
export function referenceOf({ learn: range, direction }: Monitor, state: MonitorState): number {
  if (range === 'never' || state.learnedSeconds >= learnSeconds) return state.baseline
  return direction === 'high' ? range.high : range.low
}

function beginTrip(monitor: Monitor, state: MonitorState, value: number, trip: number): void {
  state.trip = trip
  state.seconds = 0
  state.level = value
  state.cusum = 0
  state.levelHeld = 0
  state.limitHeld = 0
  state.levelSinceMs = state.changeSinceMs = state.limitSinceMs = 0
  // Wear goes on from trip to trip, temperatures do not.
  if (monitor.trendBinSeconds >= 3_600) return
  clearTrend(state.trend)
  state.slope = null
  state.trendSinceMs = 0
}

function learn(monitor: Monitor, state: MonitorState, step: number): void {
  if (monitor.learn === 'never') return
  const learned = state.learnedSeconds >= learnSeconds
  if (learned && (abs(state.deviation) > levelSigmas / 2 || state.cusum > 0)) return
  state.learnedSeconds = min(state.learnedSeconds + step, relearnTauSeconds)
  // The expected level counts as a minute of experience.
  const next = follow(state.baseline, state.level, step, learned ? relearnTauSeconds : 60 + state.learnedSeconds)
  state.baseline = min(max(next, monitor.learn.low), monitor.learn.high)
}

function advanceLevel(state: MonitorState, timeMs: number, step: number): void {
  // What is twice as far off is believed in half of the time: chance takes it there so much more rarely.
  const held = state.deviation >= levelSigmas ? step * min(state.deviation / levelSigmas, mostHaste) : -step
  state.levelHeld = min(max(state.levelHeld + held, 0), levelDwellSeconds)
  if (state.levelSinceMs === 0 && state.levelHeld >= levelDwellSeconds) state.levelSinceMs = timeMs
  else if (state.levelSinceMs > 0 && state.levelHeld === 0 && state.deviation < release * levelSigmas)
    state.levelSinceMs = 0
}

function advanceChange(state: MonitorState, timeMs: number, step: number): void {
  const excess = min(state.deviation, cusumClip) - cusumDrift
  state.cusum = min(max(state.cusum + step * excess, 0), 2 * cusumDecision)
  if (state.changeSinceMs === 0 && state.cusum >= cusumDecision) state.changeSinceMs = timeMs
  else if (state.changeSinceMs > 0 && state.cusum < release * cusumDecision) state.changeSinceMs = 0
}

/** `value` and `limit` are signed so that above is bad. */
function advanceLimit(
  monitor: Monitor,
  state: MonitorState,
  value: number,
  limit: number,
  timeMs: number,
  step: number,
): void {
  const dwell = monitor.limitDwellSeconds
  state.limitHeld = min(max(state.limitHeld + (value >= limit ? step : -step), 0), dwell)
  if (state.limitSinceMs === 0 && state.limitHeld >= dwell) state.limitSinceMs = timeMs
  else if (state.limitSinceMs > 0 && state.limitHeld === 0 && value < limit - monitor.sigma) state.limitSinceMs = 0
}

function advanceSlope(monitor: Monitor, state: MonitorState, sign: number, timeMs: number, step: number): void {
  const closed = advanceTrend(state.trend, timeMs, sign * state.level, step, monitor.trendBinSeconds)
  if (!closed) return
  // Sorting pairs is the dearest step of all: only a measure that is leaving its level needs it.
  const leaving = state.deviation > levelSigmas * 0.4
  const whole = leaving ? slopeOf(state.trend) : undefined
  const rising = whole !== undefined && whole.lower > 0
  const recent = rising ? slopeOf(state.trend, recentBins) : undefined
  // Recent bins are few: their lower end may fall although the whole rises.
  const steady = recent && recent.median > 0 ? { ...recent, lower: max(recent.lower, whole!.lower) } : whole
  state.slope = rising ? steady! : null
  if (!rising) state.trendSinceMs = 0
  else if (state.trendSinceMs === 0) state.trendSinceMs = timeMs
}
