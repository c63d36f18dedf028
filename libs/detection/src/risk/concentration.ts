/**
 * Which vehicle models a component's failures concentrate in, normalised by exposure: given all failures of a component, those of
 * one model are binomial with its share of the days watched when models do not differ (the conditional test of two Poisson rates,
 * Przyborowski and Wilenski 1940). False discoveries are controlled over all pairs (Benjamini and Hochberg 1995).
 */
import { dayMs, type UnitHistory } from './history.ts'

export interface Concentration {
  model: string
  component: string
  failures: number
  unitDays: number
  /** Per unit and year. */
  ratePerYear: number
  /** The rate over that of all other models; Infinity when those had none. */
  lift: number
  /** Of so many failures or more, if the model were like the others. */
  pValue: number
  /** Share of false discoveries when all pairs up to this one are believed. */
  qValue: number
}

const daysPerYear = 365.25

/** Every pair of model and component that failed at all anywhere, most significant first. */
export function concentrations(fleet: readonly UnitHistory[]): Concentration[] {
  const days = new Map<string, number>()
  const failed = new Map<string, Map<string, number>>()
  for (const { statics, observed, events } of fleet) {
    const { fromMs, toMs } = observed
    days.set(statics.model, (days.get(statics.model) ?? 0) + Math.max(0, toMs - fromMs) / dayMs)
    for (const event of events) {
      if (event.kind !== 'failure' || event.atMs < fromMs || event.atMs > toMs) continue
      const models = failed.get(event.component) ?? new Map<string, number>()
      failed.set(event.component, models.set(statics.model, (models.get(statics.model) ?? 0) + 1))
    }
  }
  const pairs = [...failed].flatMap(([component, models]) =>
    [...days].map(([model]) => pairOf(component, model, models, days)),
  )
  return withFalseDiscoveries(pairs)
}

type Pair = Omit<Concentration, 'qValue'>

function pairOf(component: string, model: string, failed: Map<string, number>, days: Map<string, number>): Pair {
  const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, one) => total + one, 0)
  const [failures, all] = [failed.get(model) ?? 0, sum(failed.values())]
  const [unitDays, allDays] = [days.get(model) ?? 0, sum(days.values())]
  const rate = failures / unitDays
  const lift = allDays === unitDays ? 1 : rate / ((all - failures) / (allDays - unitDays))
  const pValue = binomialTail(all, unitDays / allDays, failures)
  return { model, component, failures, unitDays, ratePerYear: rate * daysPerYear, lift, pValue }
}

/** Probability of at least `least` of `trials`. */
export function binomialTail(trials: number, share: number, least: number): number {
  if (least <= 0 || share >= 1) return 1
  let log = trials * Math.log1p(-share)
  let tail = 0
  for (let hits = 0; hits <= trials; hits += 1) {
    if (hits >= least) tail += Math.exp(log)
    log += Math.log((trials - hits) / (hits + 1)) + Math.log(share) - Math.log1p(-share)
  }
  return Math.min(1, tail)
}

function withFalseDiscoveries(pairs: readonly Pair[]): Concentration[] {
  const sorted = [...pairs].sort((a, b) => a.pValue - b.pValue || b.lift - a.lift)
  let least = 1
  return sorted
    .map((pair, index) => ({ pair, raw: (pair.pValue * sorted.length) / (index + 1) }))
    .reverse()
    .map(({ pair, raw }) => {
      least = Math.min(least, raw)
      return { ...pair, qValue: least }
    })
    .reverse()
}
