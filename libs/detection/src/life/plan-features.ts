/** Which signals follow remaining life in a set of histories, how they are normalised, and the health indices they sum to. */
import { Terminal } from '@pitcrew/errors'
import type { FeaturePlan } from './life-features.ts'
import type { LifeUnit } from './life-unit.ts'
import { fitRidge } from './linear.ts'
import { findRegimes, normalised, normalOf, regimeOf, type Normal, type Regimes } from './regimes.ts'

export interface PlanOptions {
  /** Signals that tell the operating condition. */
  settings: readonly string[]
  /** Steps ahead that are told apart. */
  horizon: number
}

/** Least correlation with remaining life of a signal that is used. */
const leastCorrelation = 0.2
/** Shares of the horizon: what a health index is fitted to, and time scales. */
const healthHorizons = [0.32, 1]
const signalScales = [0.32]
const healthScales = [0.04, 0.16, 0.64, 2.4]
const baseline = 0.16
const regimePoints = 4000

/** What is known of the remaining life of one step of a unit: up to the horizon. */
interface Moment {
  unit: LifeUnit
  step: number
  regime: number
  left: number
}

/** Throws Terminal LIFE_HISTORY_INVALID when no signal follows remaining life. */
export function planFeatures(units: readonly LifeUnit[], { settings, horizon }: PlanOptions): FeaturePlan {
  const names = signalNames(units).filter((name) => !settings.includes(name))
  const regimes = findRegimes(settings, settingPoints(units, settings))
  const moments = momentsOf(units, regimes, horizon)
  const all = names.map((name) => ({ name, normals: normalsOf(name, moments, regimes.centres.length) }))
  const kept = all.filter(
    ({ name, normals }) => Math.abs(correlation(columnOf(name, normals, moments), moments)) >= leastCorrelation,
  )
  if (kept.length === 0)
    throw new Terminal('LIFE_HISTORY_INVALID', `none of ${names.length} signals follows remaining life`, {
      hint: 'train on signals that wear shows in, from units that were run to failure',
    })
  const columns = kept.map(({ name, normals }) => columnOf(name, normals, moments))
  return {
    signals: kept.map(({ name }) => name),
    regimes,
    normals: regimes.centres.map((_, regime) => kept.map(({ normals }) => normals[regime]!)),
    health: healthHorizons.map((share) => healthIndex(columns, moments, share * horizon)),
    signalScales: signalScales.map((share) => share * horizon),
    healthScales: healthScales.map((share) => share * horizon),
    baselineSteps: Math.max(1, Math.round(baseline * horizon)),
  }
}

/** All that any unit has, in a stable order. */
export function signalNames(units: readonly LifeUnit[]): string[] {
  return [...new Set(units.flatMap(({ signals }) => Object.keys(signals)))].sort()
}

/** The readings of one step. */
export function readingsAt({ signals }: LifeUnit, step: number): Record<string, number> {
  const values: Record<string, number> = {}
  for (const name in signals) values[name] = signals[name]![step] ?? NaN
  return values
}

/**
 * Remaining steps after a step, at most `horizon`; undefined when nobody knows. A unit that still runs is known to have
 * lasted a horizon longer than its early steps, which is all that there is to say of those.
 */
export function knownRemaining({ steps, failed }: LifeUnit, step: number, horizon: number): number | undefined {
  const left = steps - 1 - step
  if (failed) return Math.min(horizon, left)
  return left >= horizon ? horizon : undefined
}

function momentsOf(units: readonly LifeUnit[], regimes: Regimes, horizon: number): Moment[] {
  return units.flatMap((unit) => {
    let regime = 0
    return Array.from({ length: unit.steps }, (_, step) => {
      if (regimes.centres.length > 1) regime = regimeOf(regimes, readingsAt(unit, step), regime)
      return { unit, step, regime, left: knownRemaining(unit, step, horizon) }
    }).filter((moment): moment is Moment => moment.left !== undefined)
  })
}

function settingPoints(units: readonly LifeUnit[], settings: readonly string[]): number[][] {
  const steps = units.reduce((sum, unit) => sum + unit.steps, 0)
  const stride = Math.max(1, Math.ceil(steps / regimePoints))
  const points: number[][] = []
  let passed = 0
  for (const unit of units)
    for (let step = 0; step < unit.steps; step++) {
      if (passed++ % stride !== 0) continue
      const point = settings.map((name) => unit.signals[name]?.[step] ?? NaN)
      if (point.every(Number.isFinite)) points.push(point)
    }
  return points
}

function normalsOf(name: string, moments: readonly Moment[], regimes: number): Normal[] {
  const values = Array.from({ length: regimes }, (): number[] => [])
  for (const { unit, step, regime } of moments) values[regime]!.push(unit.signals[name]?.[step] ?? NaN)
  return values.map(normalOf)
}

/** Normalised; the mean stands in for what is missing. */
function columnOf(name: string, normals: readonly Normal[], moments: readonly Moment[]): Float64Array {
  return Float64Array.from(moments, ({ unit, step, regime }) => {
    const value = normalised(unit.signals[name]?.[step], normals[regime]!)
    return Number.isNaN(value) ? 0 : value
  })
}

function correlation(column: Float64Array, moments: readonly Moment[]): number {
  const count = column.length
  const own = normalOf([...column])
  const lefts = normalOf(moments.map(({ left }) => left))
  let sum = 0
  for (let row = 0; row < count; row++)
    sum += ((column[row]! - own.mean) / own.spread) * ((moments[row]!.left - lefts.mean) / lefts.spread)
  return sum / count
}

/** Weights of the signals that tell min(remaining, horizon) best, of unit spread, rising with wear. */
function healthIndex(columns: readonly Float64Array[], moments: readonly Moment[], horizon: number): number[] {
  const width = columns.length
  const values = new Float64Array(moments.length * width)
  for (const [column, own] of columns.entries())
    for (let row = 0; row < own.length; row++) values[row * width + column] = own[row]!
  const targets = Float64Array.from(moments, ({ left }) => Math.min(horizon, left))
  const { weights } = fitRidge({ values, width, targets, weights: new Float64Array(moments.length).fill(1) }, 1e-3)
  const index = Array.from({ length: moments.length }, (_, row) =>
    weights.reduce((sum, weight, column) => sum + weight * values[row * width + column]!, 0),
  )
  const { spread } = normalOf(index)
  return weights.map((weight) => -weight / spread)
}
