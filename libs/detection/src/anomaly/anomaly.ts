/**
 * Owns how unusual the newest value of one signal is, in one pass and constant memory: seven views of the signal, each in
 * decades of its own tail, less what views of one signal share, added up.
 *
 * 1. The state is plain JSON of a fixed shape; stored and read back it goes on with identical scores.
 * 2. `stepAnomaly` never throws and never answers NaN: a value that is no number is passed over and leaves the state as it was.
 * 3. The score is in [0, 1) and comparable between signals, whatever their unit: `anomalyThreshold` serves all. A consumer that
 *    wants fewer and surer alarms raises `alarmDecades`, so that quiet time follows.
 * 4. After an alarm the score is 0 for a time in proportion to what was seen before (a case is open by then), unless the
 *    surprise has become greater by far than the one that raised it.
 */
import { createTails, tailDecades, type Tails, type TailTuning } from './tail.ts'
import { anomalyViews, createLevels, type Levels, stepViews, type AnomalyView, type ViewTuning } from './views.ts'

export interface AnomalyState {
  /** Of the shape; a state of another is not to be stepped. */
  version: 2
  /** Values seen, without those passed over. */
  steps: number
  /** Steps up to which alarms are held back, and the decades of the one that began it. */
  quietUntil: number
  alarmDecades: number
  levels: Levels
  tails: Tails
}

export interface AnomalyTuning extends TailTuning, ViewTuning {
  /** Decades, summed over views, at which the score is 0.5. */
  alarmDecades: number
  /** Of a view in its tail, not counted: views of one signal enter their tails together, so each says less than it seems to. */
  sharedDecades: number
  /** Quiet time: share of the steps seen, and at most. */
  quietShare: number
  quietMost: number
  /** Within quiet time a surprise so many times the first is news. */
  newsFactor: number
  /** Steps before the first score. */
  learningSteps: number
}

export interface AnomalyStep {
  /** 0 (usual) to 1; 0 while learning and in quiet time. */
  score: number
  /** What the score is made of, quiet time or not: orders of magnitude of rarity, less the shared, summed over views. */
  decades: number
  /** The view that contributes most; null at 0. */
  view: AnomalyView | null
}

/** At and above it a value is an anomaly. */
export const anomalyThreshold = 0.5

export const anomalyTuning: Readonly<AnomalyTuning> = {
  alarmDecades: 6.5,
  sharedDecades: 0.5,
  quietShare: 0.025,
  quietMost: 400,
  newsFactor: 3,
  learningSteps: 100,
  tailShare: 0.035,
  tailMemory: 3000,
  meanPace: 1 / 2000,
  fastPace: 0.15,
  mediumPace: 0.02,
  changeFastPace: 0.1,
  changeMediumPace: 0.03,
  changeSlowPace: 0.003,
  weekDeviationPace: 0.1,
  dayPace: 0.1,
  weekPace: 0.3,
  calendarSpreads: 20,
  floorShare: 0.02,
}

/** Greater ones are no measurements, and their differences would not be numbers. */
const greatestValue = 1e300
const views = anomalyViews.length
// Overwritten by every step before it is read: it saves two allocations a step and carries nothing over.
const values = new Float64Array(views)
const floors = new Float64Array(views)

export const createAnomalyState = (): AnomalyState => ({
  version: 2,
  steps: 0,
  quietUntil: 0,
  alarmDecades: 0,
  levels: createLevels(),
  tails: createTails(views),
})

/** Changes `state`. `timeMs`: since 1970; one that is no number costs the views of the calendar only. */
export function stepAnomaly(
  state: AnomalyState,
  timeMs: number,
  value: number,
  tuning: Readonly<AnomalyTuning> = anomalyTuning,
): AnomalyStep {
  if (!(Math.abs(value) <= greatestValue)) return { score: 0, decades: 0, view: null }
  const step = ++state.steps
  stepViews(state.levels, timeMs, value, step, tuning, values, floors)
  let decades = 0
  let most = 0
  let view: AnomalyView | null = null
  for (let index = 0; index < views; index++) {
    const own = tailDecades(state.tails, index, values[index]!, floors[index]!, tuning)
    const one = Math.max(0, own - tuning.sharedDecades)
    decades += one
    if (one > most) {
      most = one
      view = anomalyViews[index]!
    }
  }
  if (step <= tuning.learningSteps) return { score: 0, decades: 0, view: null }
  const score = isHeldBack(state, decades, tuning) ? 0 : decades / (decades + tuning.alarmDecades)
  return { score, decades, view }
}

/** Begins a quiet time with what it lets through. */
function isHeldBack(state: AnomalyState, decades: number, tuning: AnomalyTuning): boolean {
  if (decades < tuning.alarmDecades) return state.steps < state.quietUntil
  if (state.steps < state.quietUntil && decades < tuning.newsFactor * state.alarmDecades) return true
  state.quietUntil = state.steps + Math.min(tuning.quietMost, tuning.quietShare * state.steps)
  state.alarmDecades = decades
  return false
}
