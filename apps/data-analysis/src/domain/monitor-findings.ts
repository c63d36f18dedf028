import type { Detector, Finding } from './finding.ts'
import { hours, plus, type HoursInterval } from './interval.ts'
import { levelSigmas, type Monitor } from './monitor.ts'
import { referenceOf, type MonitorState } from './monitor-state.ts'
import { horizonHours, timeToLimitOf } from './time-to-limit.ts'

const now = hours(0, 0, 0)

/** Hours until the level reaches the limit at the slope's interval, or undefined without a credible trend. */
export function timeToLimit(monitor: Monitor, state: MonitorState): HoursInterval | undefined {
  if (state.trendSinceMs === 0 || state.slope === null) return undefined
  const sign = monitor.direction === 'high' ? 1 : -1
  const distance = Math.max(sign * (monitor.limit - state.level), 0)
  return timeToLimitOf(monitor, distance, state.slope)
}

/** What the detectors of one monitor say now, in the order of their conviction. */
export function findingsOf(monitor: Monitor, state: MonitorState): Finding[] {
  const trend = timeToLimit(monitor, state)
  const untilLimit = state.limitSinceMs > 0 ? now : (trend ?? monitor.untilLimit)
  const timeToFailure = plus(untilLimit, monitor.afterLimit)
  const expected = referenceOf(monitor, state)
  const tell = sentences(monitor, state, expected)
  const found: Finding[] = []
  const add = (detector: Detector, strength: number, sinceMs: number, explanation: string) =>
    found.push({
      system: monitor.system,
      detector,
      feature: monitor.name,
      signal: monitor.signal,
      dtc: '',
      value: state.level,
      expected: detector === 'limit' ? monitor.limit : expected,
      strength: strength * monitor.weight,
      sinceMs,
      timeToFailure,
      explanation,
      ...(detector === 'trend' && trend && { timeToLimit: trend }),
      ...(monitor.alsoFits && { alsoFits: monitor.alsoFits }),
    })
  if (state.limitSinceMs > 0) add('limit', 0.97, state.limitSinceMs, tell.limit())
  if (state.levelSinceMs > 0) add('level', levelStrength(state.deviation), state.levelSinceMs, tell.level())
  if (state.changeSinceMs > 0) add('change', 0.55, state.changeSinceMs, tell.change())
  if (trend && trend.medianHours < horizonHours)
    add('trend', state.deviation >= 0.7 * levelSigmas ? 0.5 : 0.3, state.trendSinceMs, tell.trend(trend))
  return found
}

/** Each a sentence that a mechanic can check: what is seen, with its unit, and what was to be expected. */
function sentences(
  { description, limit, sigma, direction }: Monitor,
  { level, deviation }: MonitorState,
  expected: number,
) {
  const [, what = description, unit = ''] = /^(.*) \(([^()]*)\)$/.exec(description) ?? []
  const amount = (value: number) => `${Number(value.toPrecision(4))}${unit === '' ? '' : ` ${unit}`}`
  const beyond = direction === 'high' ? 'above' : 'below'
  const seen = `${what}: ${amount(level)}, expected ${amount(expected)}`
  return {
    limit: () => `${seen}; ${beyond} the limit of ${amount(limit)}`,
    level: () => `${seen}; ${deviation.toFixed(1)} times the usual scatter (${amount(sigma)}) ${beyond} it`,
    change: () => `${seen}; it has left that level for good`,
    trend: ({ lowerHours, medianHours, upperHours }: HoursInterval) =>
      `${seen}; moving, reaches the limit of ${amount(limit)} in about ${describeHours(medianHours)} ` +
      `(${describeHours(lowerHours)} to ${describeHours(upperHours)})`,
  }
}

/** 0.55 where the level detector begins to speak, 0.9 at twice that. */
function levelStrength(deviation: number): number {
  return Math.min(0.55 + 0.35 * Math.max(deviation / levelSigmas - 1, 0), 0.9)
}

export function describeHours(value: number): string {
  if (value < 1) return `${Math.max(Math.round(value * 60), 1)} min`
  return value < 48 ? `${value.toFixed(1)} h` : `${Math.round(value / 24)} days`
}
