/**
 * One tree per component: asks whether a code was seen, how old the part is and so on, and ends in counted cases, which is what a
 * mechanic can check.
 * 1. A split must be beyond chance (beyondChance below), so that noise codes are not split on.
 * 2. Neither side of a split has fewer than `leastCases` cases.
 */
import { cutsOf, type Cut } from './cuts.ts'
import type { RiskLeaf, RiskNode, Sense } from './model.ts'

export interface Case {
  /** In the order of the senses. */
  values: readonly number[]
  /** Hours to the failure within the horizon; null when there was none. */
  leadHours: number | null
}

export interface GrowOptions {
  senses: readonly Sense[]
  leastCases: number
  maxDepth: number
  /** Of a split being chance, over all that were tried. */
  level: number
}

const quantileSteps = 10
/** Nats: rounding apart. */
const sameGain = 1e-9

export function grow(cases: readonly Case[], options: GrowOptions, depth = 0): RiskNode {
  const cut = depth < options.maxDepth ? bestCut(cases, options) : undefined
  if (cut === undefined) return leafOf(cases)
  const { sense, from, below } = cut
  const isInside = ({ values }: Case): boolean =>
    (from === null || values[sense]! >= from) && (below === null || values[sense]! < below)
  const side = (inside: boolean): RiskNode =>
    grow(
      cases.filter((one) => isInside(one) === inside),
      options,
      depth + 1,
    )
  return { kind: 'split', on: options.senses[sense]!, from, below, inside: side(true), outside: side(false) }
}

function leafOf(cases: readonly Case[]): RiskLeaf {
  const leads = cases.flatMap(({ leadHours }) => leadHours ?? []).sort((a, b) => a - b)
  return { kind: 'leaf', cases: cases.length, failed: leads.length, leadHours: quantiles(leads) }
}

function quantiles(sorted: readonly number[]): number[] {
  if (sorted.length <= quantileSteps + 1) return [...sorted]
  return Array.from({ length: quantileSteps + 1 }, (_, step) => {
    return sorted[Math.round((step / quantileSteps) * (sorted.length - 1))]!
  })
}

function bestCut(cases: readonly Case[], { senses, leastCases, level }: GrowOptions): Cut | undefined {
  const failed = cases.filter(({ leadHours }) => leadHours !== null).length
  if (failed === 0 || failed === cases.length) return undefined
  let tried = 0
  let best: Cut | undefined
  for (let sense = 0; sense < senses.length; sense += 1) {
    for (const cut of cutsOf(cases, sense, senses[sense]!, leastCases)) {
      tried += 1
      if (best === undefined || isBetter(cut, best)) best = cut
    }
  }
  return best !== undefined && beyondChance(best.gain, tried, level) ? best : undefined
}

/** Of two that part the cases alike, the one whose inside speaks for a failure: a code seen rather than another one not seen. */
const isBetter = (cut: Cut, best: Cut): boolean =>
  Math.abs(cut.gain - best.gain) > sameGain ? cut.gain > best.gain : cut.towards && !best.towards

/**
 * The G statistic, twice the gain in nats, is chi-squared with one degree of freedom when a split tells nothing; its tail is held
 * against the level divided by the number of splits that were tried (Bonferroni).
 */
const beyondChance = (gain: number, tried: number, level: number): boolean => chiSquaredTail(2 * gain) <= level / tried

/** With one degree of freedom: erfc(sqrt(x / 2)), from above (Abramowitz and Stegun 7.1.13). */
export function chiSquaredTail(x: number): number {
  const z = Math.sqrt(Math.max(0, x) / 2)
  return (2 / Math.sqrt(Math.PI)) * (Math.exp(-z * z) / (z + Math.sqrt(z * z + 4 / Math.PI)))
}
