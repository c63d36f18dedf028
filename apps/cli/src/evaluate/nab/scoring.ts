/**
 * The Numenta Anomaly Benchmark's own scoring, from its published definition: Lavin and Ahmad, "Evaluating Real-time Anomaly
 * Detection Algorithms: the Numenta Anomaly Benchmark" (2015), and the sweeping rule that its version 1.0 and later use.
 *
 * 1. The first 15 % of a series, at most 750 rows, is probation: nothing in it counts, for or against.
 * 2. A window counts once, with the best (so the first) detection in it: 1 at its first row, towards 0 at its last.
 * 3. A detection outside costs by its distance from the end of the window before it, the full weight where none was before.
 * 4. A window without detection costs the weight of a miss.
 * 5. One threshold is used for all series: detection is score >= threshold.
 */

export interface Profile {
  name: string
  tpWeight: number
  fpWeight: number
  fnWeight: number
}

/** First and last row, both belong to it. */
export interface Window {
  first: number
  last: number
}

/** What a detection at a row is worth before weights; `window` is -1 outside of all. */
export interface RowWorth {
  window: number
  worth: number
}

/** Rows that count, of all series, with windows numbered over all of them. */
export interface Scorable {
  scores: Float64Array
  windows: Int32Array
  worths: Float64Array
  windowCount: number
}

export interface ThresholdScore {
  threshold: number
  /** 100 for a perfect detector, 0 for one that never detects. */
  score: number
  /** Windows with a detection, and rows detected outside of windows. */
  found: number
  falseAlarms: number
}

const probationShare = 0.15
const probationRowsOf = 5000
const farBehind = 3
const steepness = 5

export const probationRows = (rows: number): number => Math.floor(probationShare * Math.min(rows, probationRowsOf))

/** `position`: -1 at the first row of a window, 0 right behind its last. */
export const scaledSigmoid = (position: number): number =>
  position > farBehind ? -1 : 2 / (1 + Math.exp(steepness * position)) - 1

const best = scaledSigmoid(-1)

/** Windows in order and apart from each other. */
export function rowWorths(rows: number, windows: readonly Window[]): RowWorth[] {
  const worths: RowWorth[] = []
  let next = 0
  for (let row = 0; row < rows; row++) {
    while (next < windows.length && row > windows[next]!.last) next++
    const window = windows[next]
    const before = windows[next - 1]
    if (window !== undefined && row >= window.first) {
      const width = window.last - window.first + 1
      worths.push({ window: next, worth: scaledSigmoid(-(window.last - row + 1) / width) / best })
    } else if (before === undefined) {
      worths.push({ window: -1, worth: -1 })
    } else {
      worths.push({ window: -1, worth: scaledSigmoid((row - before.last) / Math.max(before.last - before.first, 1)) })
    }
  }
  return worths
}

/** Rows behind probation of every series. Windows wholly in probation are left out, as the benchmark does. */
export function scorable(series: readonly { scores: ArrayLike<number>; windows: readonly Window[] }[]): Scorable {
  const kept: { score: number; window: number; worth: number }[] = []
  let windowCount = 0
  for (const { scores, windows } of series) {
    const from = probationRows(scores.length)
    const numbers = windows.map(({ last }) => (last >= from ? windowCount++ : -1))
    const worths = rowWorths(scores.length, windows)
    for (let row = from; row < scores.length; row++) {
      const { window, worth } = worths[row]!
      kept.push({ score: scores[row]!, window: window < 0 ? -1 : numbers[window]!, worth })
    }
  }
  kept.sort((a, b) => b.score - a.score)
  return {
    scores: Float64Array.from(kept, ({ score }) => score),
    windows: Int32Array.from(kept, ({ window }) => window),
    worths: Float64Array.from(kept, ({ worth }) => worth),
    windowCount,
  }
}

/** Every threshold that makes a difference, highest first; the first detects nothing. */
export function* sweep(rows: Scorable, profile: Profile): Generator<ThresholdScore> {
  const { scores, windows, worths, windowCount } = rows
  const worthOf = new Float64Array(windowCount).fill(-Infinity)
  const least = -profile.fnWeight * windowCount
  const most = profile.tpWeight * windowCount
  const state = { raw: least, found: 0, falseAlarms: 0 }
  const said = (threshold: number): ThresholdScore => ({
    threshold,
    score: most === least ? 100 + state.raw : (100 * (state.raw - least)) / (most - least),
    found: state.found,
    falseAlarms: state.falseAlarms,
  })
  yield said(Infinity)
  for (let row = 0; row < scores.length; row++) {
    const window = windows[row]!
    if (window < 0) {
      state.falseAlarms++
      state.raw += worths[row]! * profile.fpWeight
    } else {
      const before = worthOf[window]!
      const now = Math.max(before, worths[row]! * profile.tpWeight)
      worthOf[window] = now
      state.raw += before === -Infinity ? now + profile.fnWeight : now - before
      if (before === -Infinity) state.found++
    }
    if (scores[row] !== scores[row + 1]) yield said(scores[row]!)
  }
}

/** The benchmark's choice: the threshold with the highest score. */
export function bestThreshold(rows: Scorable, profile: Profile): ThresholdScore {
  let found: ThresholdScore | undefined
  for (const one of sweep(rows, profile)) if (found === undefined || one.score > found.score) found = one
  return found!
}

/** Of a threshold that was chosen before. */
export function scoreAt(rows: Scorable, profile: Profile, threshold: number): ThresholdScore {
  let last: ThresholdScore | undefined
  for (const one of sweep(rows, profile)) {
    if (one.threshold < threshold) break
    last = one
  }
  return { ...last!, threshold }
}
