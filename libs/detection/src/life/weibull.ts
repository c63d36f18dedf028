/**
 * Weibull life with right-censoring by maximum likelihood (Meeker and Escobar, Statistical Methods for Reliability Data,
 * 1998, chapter 8), and what is left of a life that has lasted so far: the answer when nothing was measured but age.
 */
import { Terminal } from '@pitcrew/errors'

export interface Weibull {
  shape: number
  /** Characteristic life: 63.2 % have failed by then. */
  scale: number
  /** Standard errors, from the observed information. */
  shapeError: number
  scaleError: number
}

/** Shapes looked for; below is no wear-out at all, above is a fixed life. */
const shapes = { least: 0.05, most: 200 }

/**
 * @param durations observed lives, each above 0
 * @param censored true where the unit was still running at its duration
 * Throws Terminal LIFE_HISTORY_INVALID when a duration is not above 0 or none failed.
 */
export function fitWeibull(durations: readonly number[], censored: readonly boolean[] = []): Weibull {
  const wrong = durations.findIndex((duration) => !(duration > 0 && Number.isFinite(duration)))
  if (wrong !== -1) throw invalid(`duration ${wrong} is ${durations[wrong]}: expected one above 0`)
  const failures = durations.filter((_, index) => censored[index] !== true)
  if (failures.length === 0) throw invalid(`none of ${durations.length} units failed: expected at least one`)
  // Scaled by the longest, powers stay within range.
  const longest = durations.reduce((most, duration) => Math.max(most, duration), 0)
  const logs = durations.map((duration) => Math.log(duration / longest))
  const meanLog = failures.reduce((sum, duration) => sum + Math.log(duration / longest), 0) / failures.length
  const shape = shapeOf(logs, meanLog)
  const { sum, first, second } = powers(logs, shape)
  const scale = longest * (sum / failures.length) ** (1 / shape)
  // Observed information in (ln shape, ln scale), with z = shape * ln(t / scale): its inverse is their covariance.
  const logScale = Math.log(scale / longest)
  const count = failures.length
  const ratio = count / sum
  const z1 = shape * ratio * (first - logScale * sum)
  const z2 = shape ** 2 * ratio * (second - 2 * logScale * first + logScale ** 2 * sum)
  const zFailed = count * shape * (meanLog - logScale)
  const ofShape = z2 + z1 - zFailed
  const ofScale = shape ** 2 * count
  const mixed = -shape * z1
  const determinant = ofShape * ofScale - mixed ** 2
  return {
    shape,
    scale,
    shapeError: shape * Math.sqrt(Math.max(0, ofScale / determinant)),
    scaleError: scale * Math.sqrt(Math.max(0, ofShape / determinant)),
  }
}

/** Steps left that a share `share` of those alive at `age` do not outlive. */
export function remainingQuantile({ shape, scale }: Weibull, age: number, share: number): number {
  const exponential = -Math.log1p(-share)
  if (age === 0) return scale * exponential ** (1 / shape)
  // Stable where the hazard spent so far is beyond number: nothing is left then.
  return age * Math.expm1(Math.log1p(exponential / (age / scale) ** shape) / shape)
}

/** Mean of min(remaining, horizon) of those alive at `age`: the integral of conditional survival, by Simpson's rule. */
export function meanRemaining({ shape, scale }: Weibull, age: number, horizon: number): number {
  const parts = 64
  const alive = (ahead: number): number => {
    if (ahead === 0) return 1
    if (age === 0) return Math.exp(-((ahead / scale) ** shape))
    return Math.exp(-((age / scale) ** shape) * Math.expm1(shape * Math.log1p(ahead / age)))
  }
  let sum = alive(0) + alive(horizon)
  for (let part = 1; part < parts; part++) sum += (part % 2 === 1 ? 4 : 2) * alive((part * horizon) / parts)
  return (sum * horizon) / parts / 3
}

/** Zero of the profile score 1/k + mean(ln t of failures) - sum(t^k ln t)/sum(t^k), which falls with k; by bisection in ln k. */
function shapeOf(logs: readonly number[], meanLog: number): number {
  let low = Math.log(shapes.least)
  let high = Math.log(shapes.most)
  for (let turn = 0; turn < 100 && high - low > 1e-12; turn++) {
    const middle = (low + high) / 2
    const shape = Math.exp(middle)
    const { sum, first } = powers(logs, shape)
    if (1 / shape + meanLog - first / sum > 0) low = middle
    else high = middle
  }
  return Math.exp((low + high) / 2)
}

/** Sums of t^k, t^k ln t and t^k (ln t)^2. */
function powers(logs: readonly number[], shape: number): { sum: number; first: number; second: number } {
  let sum = 0
  let first = 0
  let second = 0
  for (const log of logs) {
    const power = Math.exp(shape * log)
    sum += power
    first += power * log
    second += power * log * log
  }
  return { sum, first, second }
}

function invalid(message: string): Terminal {
  return new Terminal('LIFE_HISTORY_INVALID', message, {
    hint: 'give how long each unit ran and whether it failed or still runs; at least one must have failed',
  })
}
