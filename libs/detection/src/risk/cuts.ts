/**
 * The ways in which a sense can part cases in two: inside and outside of a stretch of its values.
 * 1. Codes are asked for in a few fixed windows, the narrowest first, so that of equal ones the narrowest wins.
 * 2. Other stretches begin and end beside the value of a case that failed: only there can a best one end. They hug those cases (boundsOf): where nothing was
 *    seen, nothing is alarmed at.
 * 3. At most `mostEdges` squared stretches are tried of one sense, however many cases there are.
 */
import type { Sense } from './model.ts'
import type { Case } from './tree.ts'

export interface Cut {
  /** Its place among the senses. */
  sense: number
  /** Inside is from <= value < below; null stands for no bound. */
  from: number | null
  below: number | null
  /** Of information by the split, over all cases together, in nats. */
  gain: number
  /** Those inside fail more often than those outside. */
  towards: boolean
}

/** Hours: just now, this shift, today, these days, this week, this month. */
const codeWindows: readonly number[] = [1, 6, 24, 72, 168, 720]
const mostEdges = 100
/** Of an hour, a day or a year, after the sense. */
const leastMargin = 0.5

/** Cases in the order of one sense, and how many of the first so many failed. */
interface Sorted {
  values: Float64Array
  failed: Int32Array
}

export function* cutsOf(cases: readonly Case[], place: number, sense: Sense, leastCases: number): Generator<Cut> {
  const sorted = sort(cases, place)
  const count = cases.length
  const whole = entropy(sorted.failed[count]!, count)
  for (const [start, end] of sense.of === 'code' ? windows(sorted) : stretches(sorted)) {
    const size = end - start
    if (size < leastCases || count - size < leastCases) continue
    const failed = sorted.failed[end]! - sorted.failed[start]!
    const gain = whole - entropy(failed, size) - entropy(sorted.failed[count]! - failed, count - size)
    const [from, below] = sense.of === 'code' ? windowAt(sorted, end) : boundsOf(sorted, start, end, failed)
    const towards = failed * (count - size) > (sorted.failed[count]! - failed) * size
    yield { sense: place, from, below, gain, towards }
  }
}

function sort(cases: readonly Case[], place: number): Sorted {
  const ordered = [...cases].sort((a, b) => a.values[place]! - b.values[place]!)
  const failed = new Int32Array(ordered.length + 1)
  ordered.forEach(({ leadHours }, index) => (failed[index + 1] = failed[index]! + (leadHours === null ? 0 : 1)))
  return { values: Float64Array.from(ordered, ({ values }) => values[place]!), failed }
}

function* windows({ values }: Sorted): Generator<[number, number]> {
  let last = 0
  for (const window of codeWindows) {
    const end = values.findIndex((value) => value >= window)
    if (end > last) yield [0, end]
    last = Math.max(last, end)
  }
}

function* stretches(sorted: Sorted): Generator<[number, number]> {
  const { starts, ends } = edges(sorted)
  for (const start of starts) for (const end of ends) if (end > start) yield [start, end]
}

/** Where runs of one value that hold a failure begin and end. */
function edges({ values, failed }: Sorted): { starts: number[]; ends: number[] } {
  const count = values.length
  const starts: number[] = [0]
  const ends: number[] = [count]
  for (let start = 0, end = 0; start < count; start = end) {
    while (end < count && values[end] === values[start]) end += 1
    if (failed[end] === failed[start]) continue
    if (start > 0) starts.push(start)
    if (end < count) ends.push(end)
  }
  return { starts: thinned(starts), ends: thinned(ends) }
}

/** Evenly over their places when there are too many. */
function thinned(places: readonly number[]): number[] {
  if (places.length <= mostEdges) return [...places]
  return Array.from({ length: mostEdges }, (_, step) => {
    return places[Math.floor((step / (mostEdges - 1)) * (places.length - 1))]!
  })
}

const windowAt = ({ values }: Sorted, end: number): [null, number | null] => [
  null,
  codeWindows.find((window) => window > values[end - 1]!) ?? null,
]

/**
 * A stretch reaches past its outermost values by the mean distance of the failed ones in it (what a further sample may be
 * expected to widen a range by), at least by `leastMargin`, at most half way to the next value.
 */
function boundsOf({ values }: Sorted, start: number, end: number, failed: number): [number | null, number | null] {
  const [low, high] = [values[start]!, values[end - 1]!]
  const margin = Math.max(leastMargin, (high - low) / Math.max(1, failed - 1))
  return [
    start === 0 ? null : Math.max(low - margin, (values[start - 1]! + low) / 2),
    end === values.length ? null : Math.min(high + margin, (high + values[end]!) / 2),
  ]
}

/** Of `of` cases together, in nats. */
function entropy(failed: number, of: number): number {
  const part = (count: number): number => (count === 0 ? 0 : -count * Math.log(count / of))
  return part(failed) + part(of - failed)
}
