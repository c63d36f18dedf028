/**
 * How long parts live: Weibull with right-censoring and left truncation, competing risks by cause (a planned replacement censors).
 * The scale has a closed form for a shape, so the likelihood is searched along the shape alone (Lawless, Statistical Models and Methods for
 * Lifetime Data, 2003, 5.2). Vehicle models multiply the hazard; a factor is drawn towards 1 as if one failure had been seen as expected.
 */
import { dayMs, riskEventsInOrder, type UnitHistory } from './history.ts'
import type { PartLife } from './model.ts'

interface Life {
  model: string
  /** Age of the part in days when it was first watched, and when it failed, was replaced or the record ended. */
  from: number
  to: number
  failed: boolean
}

const shapes = { least: 0.2, most: 10, steps: 60 }

export function fitPartLife(fleet: readonly UnitHistory[], component: string): PartLife {
  const lives = fleet.flatMap((unit) => livesOf(unit, component)).filter(({ from, to }) => to > from)
  const failures = lives.filter(({ failed }) => failed).length
  const meanRate = rateOf(fleet, component)
  const censored = lives.length - failures
  if (failures < 2) {
    const scaleDays = 1 / Math.max(meanRate, 1e-9)
    return { shape: 1, scaleDays, factors: {}, failures, censored, meanRate }
  }
  const shape = mostLikely((candidate) => profile(lives, failures, candidate))
  const scaleDays = scaleOf(lives, failures, shape)
  return { shape, scaleDays, factors: factorsOf(lives, shape, scaleDays), failures, censored, meanRate }
}

/** Hazard gathered between two ages of the part, in days. */
export function hazardBetween(life: PartLife, factor: number, from: number, to: number): number {
  return factor * ((to / life.scaleDays) ** life.shape - (from / life.scaleDays) ** life.shape)
}

function livesOf({ statics: { model }, observed, events }: UnitHistory, component: string): Life[] {
  const lives: Life[] = []
  let since: number | undefined
  const end = (atMs: number, failed: boolean): void => {
    if (since === undefined || atMs <= observed.fromMs) return
    lives.push({ model, from: Math.max(0, observed.fromMs - since) / dayMs, to: (atMs - since) / dayMs, failed })
  }
  for (const event of riskEventsInOrder(events)) {
    if (event.atMs > observed.toMs || event.kind === 'codes') continue
    const failed = event.kind === 'failure'
    const concerns = failed ? event.component === component : event.components.includes(component)
    if (!concerns || event.atMs === since) continue
    end(event.atMs, failed)
    since = event.atMs
  }
  end(observed.toMs, false)
  return lives
}

function rateOf(fleet: readonly UnitHistory[], component: string): number {
  const days = fleet.reduce((sum, { observed }) => sum + Math.max(0, observed.toMs - observed.fromMs) / dayMs, 0)
  const failures = fleet
    .flatMap(({ events }) => events)
    .filter((event) => event.kind === 'failure' && event.component === component)
  return days === 0 ? 0 : failures.length / days
}

const powered = (lives: readonly Life[], shape: number): number =>
  lives.reduce((sum, { from, to }) => sum + to ** shape - from ** shape, 0)

const scaleOf = (lives: readonly Life[], failures: number, shape: number): number =>
  (powered(lives, shape) / failures) ** (1 / shape)

/** Log likelihood at the best scale for a shape, without what no shape changes. */
function profile(lives: readonly Life[], failures: number, shape: number): number {
  const logs = lives.reduce((sum, { to, failed }) => sum + (failed ? Math.log(to) : 0), 0)
  return failures * Math.log(shape) + (shape - 1) * logs - failures * Math.log(powered(lives, shape))
}

/** Golden section over the logarithm of the shape; the profile has one peak. */
function mostLikely(likelihood: (shape: number) => number): number {
  const ratio = (Math.sqrt(5) - 1) / 2
  let [low, high] = [Math.log(shapes.least), Math.log(shapes.most)]
  for (let step = 0; step < shapes.steps; step += 1) {
    const [left, right] = [high - ratio * (high - low), low + ratio * (high - low)]
    if (likelihood(Math.exp(left)) < likelihood(Math.exp(right))) low = left
    else high = right
  }
  return Math.exp((low + high) / 2)
}

function factorsOf(lives: readonly Life[], shape: number, scaleDays: number): Record<string, number> {
  const models = [...new Set(lives.map(({ model }) => model))].sort()
  return Object.fromEntries(
    models.map((model) => {
      const own = lives.filter((life) => life.model === model)
      const expected = powered(own, shape) / scaleDays ** shape
      return [model, (own.filter(({ failed }) => failed).length + 1) / (expected + 1)]
    }),
  )
}
