/**
 * Owns, for each view of a signal, how far out a value lies in the tail of what that view has shown before.
 *
 * 1. The answer is in decades: -log10 of the share of steps at which the view is expected to be as high, so that views of any
 *    unit and shape can be added up.
 * 2. Below the level that a few in a hundred steps exceed it is 0; above, the tail is a generalised Pareto one (peaks over
 *    threshold: Pickands 1975; with a drifting threshold: Siffer et al. 2017), whose shape is estimated by its moments
 *    (Hosking and Wallis 1987): from 0, exponential, to `mostShape`; what is often far out is less of a surprise when it is.
 * 3. Six numbers a view: steps, level, mean excess, and of the excesses, in mean ones, how many, their mean and mean square.
 *    All but the counts forget, at a pace that slows down with the steps seen.
 * 4. A view that is silent (NaN) is not counted and learns nothing; it warms up when it first speaks.
 * 5. What differs from the level by no more than the floor equals it: a constant is never in its own tail.
 */
export interface Tails {
  steps: number[]
  levels: number[]
  excesses: number[]
  excessCounts: number[]
  ratioMeans: number[]
  ratioSquares: number[]
}

export interface TailTuning {
  /** Share of steps above the level. */
  tailShare: number
  /** Steps that the tail remembers. */
  tailMemory: number
}

/** Steps of which the highest is the first level. */
const tailWarmUp = 20

/** More decades than this say nothing more. */
const mostDecades = 50
/** The level moves by mean excesses: so many, times a pace that falls as stochastic approximation asks (Robbins and Monro 1951). */
const levelGain = 5
const firstPace = 2
const paceDecay = 0.7
/** One excess teaches no more than so many mean ones, and makes up no more than this share of the mean. */
const mostExcess = 10
const mostExcessPace = 0.2
/** Of the size of the first values: an excess to begin with. */
const firstExcessShare = 0.1
/** The shape: begins as that of so many exponential excesses, remembers so many, and takes none as more than so many mean ones. */
const shapePrior = 20
const shapeMemory = 300
const mostRatio = 20
/** From 0.5 on the variance would be infinite. */
const mostShape = 0.45

export const createTails = (views: number): Tails => ({
  steps: new Array<number>(views).fill(0),
  levels: new Array<number>(views).fill(0),
  excesses: new Array<number>(views).fill(0),
  excessCounts: new Array<number>(views).fill(0),
  ratioMeans: new Array<number>(views).fill(1),
  ratioSquares: new Array<number>(views).fill(2),
})

/** `floor` > 0 is the smallest excess that matters, in the view's unit. Learns from `value`. */
export function tailDecades(
  tails: Tails,
  view: number,
  value: number,
  floor: number,
  { tailShare, tailMemory }: TailTuning,
): number {
  const { steps, levels, excesses } = tails
  if (Number.isNaN(value)) return 0
  const step = ++steps[view]!
  const level = levels[view]!
  const excess = excesses[view]!
  if (step <= tailWarmUp) {
    levels[view] = step === 1 ? value : Math.max(level, value)
    excesses[view] = Math.max(excess, Math.abs(value) * firstExcessShare)
    return 0
  }
  const scale = Math.max(excess, floor)
  const over = value - level
  const pace = levelGain * scale * Math.max(firstPace / step ** paceDecay, levelGain / tailMemory)
  if (over <= floor) {
    if (over < -floor) levels[view] = level - pace * tailShare
    return 0
  }
  const seen = Math.min(step, tailMemory) * tailShare
  levels[view] = level + pace * (1 - tailShare)
  excesses[view] = excess + Math.min(mostExcessPace, 1 / seen) * (Math.min(over, mostExcess * scale) - excess)
  return Math.min(mostDecades, -Math.log10(tailShare) + excessDecades(tails, view, over / scale))
}

/** `ratio`: the excess in mean ones. Learns the shape from it, after having used it. */
function excessDecades({ excessCounts, ratioMeans, ratioSquares }: Tails, view: number, ratio: number): number {
  const mean = ratioMeans[view]!
  const square = ratioSquares[view]!
  const variance = square / mean ** 2 - 1
  const shape = variance > 1 ? Math.min(mostShape, 0.5 - 0.5 / variance) : 0
  const pace = Math.max(1 / (++excessCounts[view]! + shapePrior), 1 / shapeMemory)
  const counted = Math.min(ratio, mostRatio)
  ratioMeans[view] = mean + pace * (counted - mean)
  ratioSquares[view] = square + pace * (counted ** 2 - square)
  return (shape > 0 ? Math.log1p((shape * ratio) / (1 - shape)) / shape : ratio) / Math.LN10
}
