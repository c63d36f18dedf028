/**
 * Time to failure as the mixture it is: with the probability of the sign, the leads seen in such cases; otherwise the life of the
 * part. Its median and its 5th and 95th percentile are read off the mixture, so that a doubtful sign has a wide interval.
 */
import { hourMs } from './history.ts'
import type { RiskFinding, RiskSign } from './model.ts'

const longestHours = 87_600
const halvings = 60

/** Share of leads that are at least so many hours. */
export function shareLater(leadHours: readonly number[], hours: number): number {
  return leadHours.length === 0 ? 0 : leadHours.filter((lead) => lead >= hours).length / leadHours.length
}

/** `hazard`: gathered over so many hours from now. */
export function timeToFailure(
  spoken: number,
  open: { sign: RiskSign; atMs: number } | undefined,
  hazard: (hours: number) => number,
): RiskFinding['timeToFailureHours'] {
  const passed = open === undefined ? 0 : (open.atMs - open.sign.atMs) / hourMs
  const left = (open?.sign.leadHours ?? []).map((lead) => lead - passed).filter((lead) => lead >= 0)
  const before = (hours: number): number => {
    const soon = left.length === 0 ? 0 : left.filter((lead) => lead <= hours).length / left.length
    return spoken * soon + (1 - spoken) * (1 - Math.exp(-hazard(hours)))
  }
  return { median: quantile(before, 0.5), low: quantile(before, 0.05), high: quantile(before, 0.95) }
}

/** The least time by which a share has failed, by halving. */
function quantile(before: (hours: number) => number, share: number): number {
  if (!(before(longestHours) >= share)) return longestHours
  let [low, high] = [0, longestHours]
  for (let step = 0; step < halvings; step += 1) {
    const middle = (low + high) / 2
    if (before(middle) >= share) high = middle
    else low = middle
  }
  return Math.round(high * 1000) / 1000
}
