import { Terminal } from '@pitcrew/errors'
import { logChoose, sumOfExponentials } from './log-factorial.ts'

/**
 * Rows: of the level, of the others. Columns: failed, sound.
 *
 *     [[levelFailed, levelSound], [otherFailed, otherSound]]
 */
export type Table = readonly [readonly [number, number], readonly [number, number]]

/**
 * Fisher's exact test, one-sided: the probability, given the margins, of at least as many failures in the first row.
 * R. A. Fisher, "The Logic of Inductive Inference", J. Royal Statistical Society 98 (1935). Summed in log space, since
 * single terms underflow for fleets of some thousands.
 */
export function fisherGreater([[a, b], [c, d]]: Table): number {
  requireCounts([a, b, c, d])
  const row = a + b
  const column = a + c
  const total = row + c + d
  const all = logChoose(total, column)
  const p = sumOfExponentials(
    a,
    Math.min(row, column),
    (k) => logChoose(row, k) + logChoose(total - row, column - k) - all,
  )
  return Math.min(1, p)
}

/**
 * One-sided test that the second of two Poisson rates is lower: given all events, those of the second period are binomial
 * with its share of the exposure. Przyborowski & Wilenski, Biometrika 31 (1940).
 */
export function rateFellPValue(
  before: { events: number; exposure: number },
  after: { events: number; exposure: number },
): number {
  requireCounts([before.events, after.events])
  const exposure = before.exposure + after.exposure
  if (before.exposure <= 0 || after.exposure <= 0) return 1
  const n = before.events + after.events
  const logShare = Math.log(after.exposure / exposure)
  const logRest = Math.log(before.exposure / exposure)
  const p = sumOfExponentials(0, after.events, (k) => logChoose(n, k) + k * logShare + (n - k) * logRest)
  return Math.min(1, p)
}

function requireCounts(counts: number[]): void {
  if (counts.every((count) => Number.isInteger(count) && count >= 0)) return
  throw new Terminal('BAD_COUNT', `counts must be whole numbers of 0 or more, found ${counts.join(', ')}`, {
    hint: 'a level cannot have more failed vehicles than vehicles: register the vehicle with its failure',
  })
}
