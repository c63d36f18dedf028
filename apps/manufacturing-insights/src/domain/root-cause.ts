import { fisherGreater } from './exact-tests.ts'
import { benjaminiHochberg } from './false-discovery.ts'

/** Vehicles that share all factors, how many there are and how many of them failed (each counted once). */
export interface Cell {
  model: string
  modelYear: string
  buildMonth: string
  plant: string
  vehicles: number
  failed: number
}

export type Factor = 'model' | 'model_year' | 'build_month' | 'plant' | 'component'

export interface RankedFactor {
  factor: Factor
  level: string
  failures: number
  exposed: number
  /** Failure rate of the level over that of all others. */
  lift: number
  pValue: number
  /** Adjusted for all levels looked at in this ranking. */
  qValue: number
  significant: boolean
}

export interface RankingRule {
  /** Accepted share of false discoveries among the levels called significant. */
  falseDiscoveryRate: number
  /** A level with fewer failed vehicles is not called significant, however unlikely. */
  minimumFailures: number
}

export const defaultRanking: RankingRule = { falseDiscoveryRate: 0.05, minimumFailures: 2 }

interface Level {
  factor: Factor
  level: string
  failures: number
  exposed: number
  otherFailures: number
  otherExposed: number
}

const cellFactors = { model: 'model', model_year: 'modelYear', build_month: 'buildMonth', plant: 'plant' } as const

/**
 * Which levels of which factors the failed vehicles share more often than the rest: significant ones first, then by
 * p-value. Levels without a failure, and factors with one level only, have nothing to say and are left out.
 */
export function rankRootCauses(
  cells: readonly Cell[],
  rule = defaultRanking,
  more: readonly Level[] = [],
): RankedFactor[] {
  const levels = [
    ...(Object.keys(cellFactors) as (keyof typeof cellFactors)[]).flatMap((factor) => levelsOf(factor, cells)),
    ...more,
  ]
  const pValues = levels.map((level) =>
    fisherGreater([
      [level.failures, level.exposed - level.failures],
      [level.otherFailures, level.otherExposed - level.otherFailures],
    ]),
  )
  const qValues = benjaminiHochberg(pValues)
  return levels
    .map(({ factor, level, failures, exposed, otherFailures, otherExposed }, index) => ({
      factor,
      level,
      failures,
      exposed,
      lift: lift(failures, exposed, otherFailures, otherExposed),
      pValue: pValues[index]!,
      qValue: qValues[index]!,
      significant: qValues[index]! <= rule.falseDiscoveryRate && failures >= rule.minimumFailures,
    }))
    .sort((x, y) => Number(y.significant) - Number(x.significant) || x.pValue - y.pValue || y.lift - x.lift)
}

/**
 * Components compared with each other: every vehicle is exposed once to each component that has ever failed.
 * `failed` counts vehicles, not failures.
 */
export function componentLevels(
  components: readonly { component: string; failed: number }[],
  vehicles: number,
): Level[] {
  if (components.length < 2) return []
  const all = components.reduce((sum, { failed }) => sum + failed, 0)
  return components.map(({ component, failed }) => ({
    factor: 'component',
    level: component,
    failures: failed,
    exposed: vehicles,
    otherFailures: all - failed,
    otherExposed: vehicles * (components.length - 1),
  }))
}

function levelsOf(factor: keyof typeof cellFactors, cells: readonly Cell[]): Level[] {
  const sums = new Map<string, { failures: number; exposed: number }>()
  const total = { failures: 0, exposed: 0 }
  for (const cell of cells) {
    const level = cell[cellFactors[factor]]
    if (level === '') continue
    const sum = sums.get(level) ?? { failures: 0, exposed: 0 }
    sums.set(level, { failures: sum.failures + cell.failed, exposed: sum.exposed + cell.vehicles })
    total.failures += cell.failed
    total.exposed += cell.vehicles
  }
  return [...sums]
    .filter(([, { failures, exposed }]) => failures > 0 && exposed < total.exposed)
    .map(([level, { failures, exposed }]) => ({
      factor,
      level,
      failures,
      exposed,
      otherFailures: total.failures - failures,
      otherExposed: total.exposed - exposed,
    }))
}

/**
 * Ratio of the two rates. When the others have no failure half a failure is added to each side (Haldane 1956, Anscombe
 * 1956), so that the ratio stays finite.
 */
function lift(failures: number, exposed: number, otherFailures: number, otherExposed: number): number {
  if (otherFailures > 0) return failures / exposed / (otherFailures / otherExposed)
  return (failures + 0.5) / (exposed + 1) / (0.5 / (otherExposed + 1))
}
