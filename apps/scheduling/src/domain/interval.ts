/** Half-open [start, end), milliseconds since the Unix epoch. */
export interface Interval {
  start: number
  end: number
}

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

export function overlap(a: Interval, b: Interval): boolean {
  return a.start < b.end && b.start < a.end
}

/** The same time covered by the fewest intervals, in order. */
export function merge(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = []
  for (const next of intervals.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last !== undefined && next.start <= last.end) last.end = Math.max(last.end, next.end)
    else merged.push({ ...next })
  }
  return merged
}
