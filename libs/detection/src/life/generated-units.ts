/** Units that wear out, from a seed: for tests. Wear grows exponentially from a random start at a random rate until 1. */
import type { LifeUnit } from './life-unit.ts'
import { normal, seeded } from './seeded.ts'

export interface Generated {
  seed: number
  units: number
  /** Distinct operating settings, which shift and scale every signal. */
  regimes?: number
}

const signals = [
  { name: 'Temperature', at: 90, gain: 25, noise: 3 },
  { name: 'Pressure', at: 30, gain: -6, noise: 0.8 },
  { name: 'Vibration', at: 2, gain: 1.5, noise: 0.3 },
  { name: 'Humidity', at: 50, gain: 0, noise: 5 },
]

export function generatedUnits({ seed, units, regimes = 1 }: Generated): LifeUnit[] {
  const random = seeded(seed)
  return Array.from({ length: units }, (_, index) => generatedUnit(`unit-${index}`, regimes, random))
}

function generatedUnit(id: string, regimes: number, random: () => number): LifeUnit {
  const rate = 0.03 * Math.exp(0.25 * normal(random))
  const columns: Record<string, number[]> = { Setting: [] }
  for (const { name } of signals) columns[name] = []
  let wear = 0.04 + 0.06 * random()
  let steps = 0
  for (; wear < 1; steps++) {
    const regime = Math.floor(regimes * random())
    columns.Setting!.push(10 * regime + 0.01 * normal(random))
    for (const { name, at, gain, noise } of signals)
      columns[name]!.push((at + gain * wear + noise * normal(random)) * (1 + 0.5 * regime))
    wear *= 1 + rate * (1 + 0.3 * normal(random))
  }
  return { id, steps, signals: columns, failed: true }
}

/** The same unit while it still runs: its first `steps` steps. */
export function stillRunning(unit: LifeUnit, steps: number): LifeUnit {
  const cut = Object.entries(unit.signals).map(([name, values]) => [name, Array.from(values).slice(0, steps)])
  return { ...unit, steps, failed: false, signals: Object.fromEntries(cut) as Record<string, number[]> }
}
