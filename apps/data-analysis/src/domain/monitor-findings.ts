import type { Detector, Finding } from './finding.ts'
import { hours, plus, type HoursInterval } from './interval.ts'
import { levelSigmas, type Monitor } from './monitor.ts'
import { referenceOf, type MonitorState } from './monitor-state.ts'

const secondsPerHour = 3_600
/** A trend that reaches the limit later than this is ageing, not a finding. */
const horizonHours = 45 * 24
const now = hours(0, 0, 0)

/** Hours until the level reaches the limit at the slope's interval, or undefined without a credible trend. */
export function timeToLimit(monitor: Monitor, state: MonitorState): HoursInterval | undefined {
  if (state.trendSinceMs === 0 || state.slope === null) return undefined
  const sign = monitor.direction === 'high' ? 1 : -1
  const distance = Math.max(sign * (monitor.limit - state.level), 0)
  const at = (slope: number) => distance / slope / secondsPerHour
  const { lower, median, upper } = state.slope
  return hours(at(upper), at(median), Math.min(at(lower), horizonHours * 10))
}

/** What the detectors of one monitor say now, in the order of their conviction. */
export function findingsOf(monitor: Monitor, state: MonitorState): Finding[] {
  const trend = timeToLimit(monitor, state)
  const untilLimit = state.limitSinceMs > 0 ? now : (trend ?? monitor.untilLimit)
  const timeToFailure = plus(untilLimit, monitor.afterLimit)
  const found: Finding[] = []
  const expected = referenceOf(monitor, state)
  const add = (detector: Detector, expected: number, strength: number, sinceMs: number, explanation: string) =>
    found.push({
      system: monitor.system,
      detector,
      feature: monitor.name,
      signal: monitor.signal,
      dtc: '',
      value: state.level,
      expected,
      strength: strength * monitor.weight,
      sinceMs,
      timeToFailure,
      explanation,
    })
  const level = state.level.toPrecision(4)
  const beyond = monitor.direction === 'high' ? 'above' : 'below'
  if (state.limitSinceMs > 0)
    add(
      'limit',
      monitor.limit,
      0.97,
      state.limitSinceMs,
      `${monitor.description}: beyond the limit of ${monitor.limit}`,
    )
  if (state.levelSinceMs > 0)
    add(
      'level',
      expected,
      levelStrength(state.deviation),
      state.levelSinceMs,
      `${monitor.description}: ${level}, ${beyond} this vehicle's ${expected.toPrecision(4)} by ${state.deviation.toFixed(1)} sigma`,
    )
  if (state.changeSinceMs > 0)
    add(
      'change',
      expected,
      0.55,
      state.changeSinceMs,
      `${monitor.description}: has left ${expected.toPrecision(4)} for good, now ${level}`,
    )
  if (trend && trend.medianHours < horizonHours)
    add(
      'trend',
      expected,
      state.deviation >= 0.7 * levelSigmas ? 0.5 : 0.3,
      state.trendSinceMs,
      `${monitor.description}: ${level}, reaches ${monitor.limit} in about ${describeHours(trend.medianHours)}`,
    )
  return found
}

/** 0.55 where the level detector begins to speak, 0.9 at twice that. */
function levelStrength(deviation: number): number {
  return Math.min(0.55 + 0.35 * Math.max(deviation / levelSigmas - 1, 0), 0.9)
}

export function describeHours(value: number): string {
  if (value < 1) return `${Math.max(Math.round(value * 60), 1)} min`
  return value < 48 ? `${value.toFixed(1)} h` : `${Math.round(value / 24)} days`
}
