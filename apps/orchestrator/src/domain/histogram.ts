/**
 * Durations in buckets that grow by a fixed factor, so that a quantile is right to within that factor however many were
 * counted, and counts of several writers add up. Bucket 0 holds 0 ms; bucket b > 0 holds (g^(b-2), g^(b-1)] ms, g = 2^(1/4).
 */
const perDoubling = 4

export const bucketOf = (ms: number): number =>
  ms <= 1 ? (ms <= 0 ? 0 : 1) : Math.ceil(Math.log2(ms) * perDoubling) + 1

/** The middle of the bucket, geometrically. */
export const middleOf = (bucket: number): number => (bucket === 0 ? 0 : 2 ** ((bucket - 1.5) / perDoubling))

export interface Bucket {
  bucket: number
  count: number
  totalMs: number
}

export interface Distribution {
  count: number
  meanMs: number
  medianMs: number
  p90Ms: number
}

/** @param buckets at least one, in any order */
export function distribution(buckets: readonly Bucket[]): Distribution {
  const sorted = [...buckets].sort((a, b) => a.bucket - b.bucket)
  const count = sorted.reduce((sum, one) => sum + one.count, 0)
  const totalMs = sorted.reduce((sum, one) => sum + one.totalMs, 0)
  const quantile = (q: number): number => {
    let seen = 0
    for (const one of sorted) {
      seen += one.count
      if (seen >= q * count) return middleOf(one.bucket)
    }
    return 0
  }
  return { count, meanMs: count === 0 ? 0 : totalMs / count, medianMs: quantile(0.5), p90Ms: quantile(0.9) }
}
