/**
 * A seeded fleet for tests, with what codes tell of known: P0301 and P0302 in one report foretell "ignition", SPN110-FMI0 on model
 * "truck" foretells "cooling", both 6 to 20 h ahead; either P030x alone, SPN110-FMI0 on others, and U0100 and B1000 foretell nothing.
 */
import { dayMs, hourMs, type RiskEvent, type UnitHistory } from './history.ts'

export const fromMs = Date.UTC(2026, 0, 1)
const days = 360

export function generatedFleet(units: number, seed: number): UnitHistory[] {
  const random = randomFrom(seed)
  return Array.from({ length: units }, (_, index): UnitHistory => {
    const model = index % 2 === 0 ? 'truck' : 'van'
    return {
      unit: `unit-${String(index).padStart(3, '0')}`,
      statics: { model, ageYears: Math.floor(random() * 10) },
      observed: { fromMs, toMs: fromMs + days * dayMs },
      events: eventsOf(model, random),
    }
  })
}

function eventsOf(model: string, random: () => number): RiskEvent[] {
  const events: RiskEvent[] = [{ kind: 'maintenance', atMs: fromMs - 40 * dayMs, components: ['ignition', 'cooling'] }]
  const at = (): number => fromMs + Math.round(random() * (days - 2) * 24) * hourMs
  const report = (...codes: string[]): number => {
    const atMs = at()
    events.push({ kind: 'codes', atMs, codes })
    return atMs
  }
  const fail = (component: string, codes: string[]): void => {
    const atMs = report(...codes) + Math.round(6 + random() * 14) * hourMs
    events.push({ kind: 'failure', atMs, component }, { kind: 'maintenance', atMs, components: [component] })
  }
  const times = (count: number, act: () => void): void => void Array.from({ length: count }, act)
  times(4, () => fail('ignition', ['P0301', 'P0302']))
  if (model === 'truck') times(3, () => fail('cooling', ['SPN110-FMI0']))
  else times(3, () => void report('SPN110-FMI0'))
  for (const code of ['P0301', 'P0302', 'U0100', 'B1000']) times(6, () => void report(code))
  times(4, () =>
    events.push({ kind: 'maintenance', atMs: at(), components: [random() < 0.5 ? 'ignition' : 'cooling'] }),
  )
  return events
}

/** Park and Miller's multiplicative generator: 0 to 1. */
export function randomFrom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
