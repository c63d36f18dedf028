/** F8: which way the scores of a definition go, over the evaluations that are remembered. */
import { slopeOf, trendTest } from './statistics.ts'

export interface Trend {
  direction: 'improving' | 'steady' | 'worsening' | 'unknown'
  /** Points of the score for each workflow. */
  slope: number
  /** Of such an order by chance alone. */
  probability: number
  count: number
}

/** Fewer have no direction. */
const leastScores = 10
const significant = 0.01
/** What the whole series has moved by has to be worth a word. */
const leastPoints = 2

/** @param scores in order of time */
export function trendOf(scores: readonly number[]): Trend {
  const count = scores.length
  if (count < leastScores) return { direction: 'unknown', slope: 0, probability: 1, count }
  const slope = slopeOf(scores)
  const probability = trendTest(scores)
  const moved = Math.abs(slope) * (count - 1) >= leastPoints && probability < significant
  return { direction: moved ? (slope > 0 ? 'improving' : 'worsening') : 'steady', slope, probability, count }
}
