/**
 * What a unit's readings so far amount to: the features that remaining life is told from, kept up step by step.
 *
 * 1. Training and serving go through `observe` and `fillFeatures` alike: there is no second way to a feature.
 * 2. The state is plain numbers of constant size, finite whatever was read; from its JSON it goes on exactly.
 * 3. A health index is a weighted sum of signals; a signal that is missing counts with its recent level.
 */
import { normalised, regimeOf, type Normal, type Regimes } from './regimes.ts'
import { levelOf, slopeOf, sumsPer, track } from './trackers.ts'

export interface FeaturePlan {
  /** Those that follow remaining life. */
  signals: string[]
  regimes: Regimes
  /** By regime, then by signal. */
  normals: Normal[][]
  /** Per health index, a weight for each signal. */
  health: number[][]
  /** In steps, over which levels and slopes are taken. */
  signalScales: number[]
  healthScales: number[]
  /** First steps of a unit, whose mean health is remembered as where it started. */
  baselineSteps: number
}

export interface LifeState {
  /** Steps run, those before the first observed one included. */
  age: number
  observed: number
  regime: number
  /** Of `trackers.ts`: all scales of the signals, then of the health indices. */
  sums: number[]
  /** Mean of each health index over the first steps observed. */
  baseline: number[]
}

export function newLifeState(plan: FeaturePlan, age = 0): LifeState {
  const tracked = plan.signals.length * plan.signalScales.length + plan.health.length * plan.healthScales.length
  return {
    age,
    observed: 0,
    regime: 0,
    sums: new Array<number>(tracked * sumsPer).fill(0),
    baseline: plan.health.map(() => 0),
  }
}

export function featureCount({ signals, health, signalScales, healthScales }: FeaturePlan): number {
  return 1 + 2 * signals.length * signalScales.length + health.length * (1 + 2 * healthScales.length)
}

/** Takes the readings of one step in; `state` is changed. */
export function observe(plan: FeaturePlan, state: LifeState, values: Record<string, number>): void {
  const { signals, health, signalScales, healthScales, baselineSteps } = plan
  const { sums, baseline } = state
  state.regime = regimeOf(plan.regimes, values, state.regime)
  const normals = plan.normals[state.regime]!
  const perSignal = signalScales.length * sumsPer
  const now = new Float64Array(signals.length)
  for (const [index, name] of signals.entries()) {
    const value = normalised(values[name], normals[index]!)
    track(sums, index * perSignal, signalScales, value)
    now[index] = Number.isNaN(value) ? levelOf(sums, index * perSignal) : value
  }
  const start = signals.length * perSignal
  for (const [index, weights] of health.entries()) {
    let level = 0
    for (let signal = 0; signal < now.length; signal++) level += weights[signal]! * now[signal]!
    track(sums, start + index * healthScales.length * sumsPer, healthScales, level)
    if (state.observed < baselineSteps) baseline[index]! += (level - baseline[index]!) / (state.observed + 1)
  }
  state.age++
  state.observed++
}

export function fillFeatures(plan: FeaturePlan, { age, sums, baseline }: LifeState, out: Float64Array): void {
  let at = 0
  out[at++] = age
  for (const value of baseline) out[at++] = value
  for (let base = 0; base < sums.length; base += sumsPer) {
    out[at++] = levelOf(sums, base)
    out[at++] = slopeOf(sums, base)
  }
}

/** True when at least half of the signals were read within the last while. */
export function isInformed({ signals, signalScales }: FeaturePlan, { sums }: LifeState): boolean {
  const faded = Math.exp(-1)
  let known = 0
  for (let index = 0; index < signals.length; index++)
    if (sums[index * signalScales.length * sumsPer]! >= faded) known++
  return 2 * known >= signals.length
}
