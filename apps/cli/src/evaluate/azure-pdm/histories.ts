import type { RiskEvent, UnitHistory } from '@pitcrew/detection'
import type { AzurePdm, AzurePdmRow } from './read-azure-pdm.ts'
import type { Point } from './score.ts'

/** One history per machine. Failures were recorded from the first error or failure of the fleet on, until the last. */
export function historiesOf({ machines, errors, maintenance, failures }: AzurePdm): UnitHistory[] {
  const times = [...errors, ...failures].map(({ atMs }) => atMs)
  const observed = {
    fromMs: times.reduce((least, atMs) => Math.min(least, atMs), Infinity),
    toMs: times.reduce((most, atMs) => Math.max(most, atMs), -Infinity),
  }
  const [codes, visits, failed] = [errors, maintenance, failures].map(byMachine) as [ByMachine, ByMachine, ByMachine]
  return machines.map(({ machine, model, ageYears }) => ({
    unit: String(machine),
    statics: { model, ageYears },
    observed,
    events: [
      ...(codes.get(machine) ?? []).map(({ atMs, what }): RiskEvent => ({ kind: 'codes', atMs, codes: [what] })),
      ...(visits.get(machine) ?? []).map(({ atMs, what }): RiskEvent => ({
        kind: 'maintenance',
        atMs,
        components: [what],
      })),
      ...(failed.get(machine) ?? []).map(({ atMs, what }): RiskEvent => ({ kind: 'failure', atMs, component: what })),
    ],
  }))
}

type ByMachine = Map<number, AzurePdmRow[]>

const byMachine = (rows: readonly AzurePdmRow[]): ByMachine => Map.groupBy(rows, ({ machine }) => machine)

/** What was known of a unit at a time: a training that must not see what came after. */
export const until = (unit: UnitHistory, atMs: number): UnitHistory => ({
  ...unit,
  observed: { ...unit.observed, toMs: Math.min(atMs, unit.observed.toMs) },
  events: unit.events.filter((event) => event.atMs <= atMs),
})

export const failuresOf = ({ unit, events }: UnitHistory): Point[] =>
  events.flatMap((event) => (event.kind === 'failure' ? { unit, component: event.component, atMs: event.atMs } : []))
