/** Run-to-failure units of a training file, as the product's training takes them. */
import type { LifeUnit } from '@pitcrew/detection'
import { cmapssSignals, type CmapssRow, type CmapssUnit } from './read-cmapss.ts'

/** By the convention of this data set, lives are told apart up to so many cycles (Heimes, PHM 2008, and most after him). */
export const cmapssHorizon = 125

/** Every unit of a training file ran until it failed. */
export function lifeUnitsOfCmapss(units: readonly CmapssUnit[]): LifeUnit[] {
  return units.map(({ unit, rows }) => ({
    id: `turbofan-${unit}`,
    steps: rows.length,
    signals: Object.fromEntries(
      cmapssSignals.map((name, column) => [name, Float64Array.from(rows, ({ values }) => values[column]!)]),
    ),
    failed: true,
  }))
}

/** One step's readings by signal name. */
export function readingsOfCmapss({ values }: CmapssRow): Record<string, number> {
  return Object.fromEntries(cmapssSignals.map((name, column) => [name, values[column]!]))
}
