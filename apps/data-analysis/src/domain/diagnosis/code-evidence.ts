/** What a code says of modes that do not list it: by what it measures, by its likely causes, by its system. */
import { faultCode, faultSpns, fmis, parseJ1939Code, type VehicleSystem } from '@pitcrew/signals'
import { systemOfCode } from '../code-findings.ts'
import { namesSamePart } from './component-words.ts'
import type { FailureMode } from './failure-mode.ts'
import { ratioOf } from './node-result.ts'

/** Where a J1939 parameter is what a monitor watches: SPN, and which end of its range is which monitor. */
export const watchedSpns: Readonly<Record<number, { HIGH?: string; LOW?: string }>> = {
  100: { LOW: 'oil-pressure-low' },
  110: { HIGH: 'coolant-hot', LOW: 'coolant-cold' },
  167: { HIGH: 'charging-high', LOW: 'charging-low' },
  175: { HIGH: 'oil-hot' },
  177: { HIGH: 'transmission-hot' },
  241: { LOW: 'tyre-pressure-low' },
  3251: { HIGH: 'particulate-filter-loaded' },
}

const kinds = new Map(fmis.map(({ fmi, kind }) => [fmi, kind]))
const spnSystems = new Map(faultSpns.map(({ spn, system }) => [spn, system]))

/** The control unit sees what the monitor sees, by the same sensor: less than news of its own. */
const watchedWeight = 0.8
const firstCause = 2.5
const laterCause = 1.8
/** For all modes alike: that it is one of them, and not something else. */
const ofSystem = 1.3
/** A code about the circuit of a sensor or its message, for modes of sensors and for the others. */
const circuit = { sensor: 2, part: 0.7 }

/** Of the table, or for a J1939 parameter with an FMI that the tables lack, of the parameter. */
export function systemOfAnyCode(code: string): VehicleSystem | undefined {
  const parsed = parseJ1939Code(code)
  return systemOfCode(code) ?? (parsed && spnSystems.get(parsed.spn))
}

/** Above 1 speaks for the mode. */
export function unlistedCode(code: string, mode: FailureMode): { ratio: number; reason: string } {
  const parsed = parseJ1939Code(code)
  const kind = parsed && kinds.get(parsed.fmi)
  const entry = faultCode(code)
  const meaning = entry?.meaning ?? 'not in the table'
  const watched = parsed && (kind === 'HIGH' || kind === 'LOW') ? watchedSpns[parsed.spn]?.[kind] : undefined
  const likelihood = watched === undefined ? undefined : mode.features[watched]
  if (likelihood)
    return { ratio: ratioOf(likelihood, true, watchedWeight), reason: `${code} (${meaning}), as ${watched} would be` }
  if (kind === 'CIRCUIT' || kind === 'DATA') {
    const sensor = mode.component.includes('sensor')
    return {
      ratio: sensor ? circuit.sensor : circuit.part,
      reason: `${code} (${meaning}) is about a circuit or message`,
    }
  }
  const cause = (entry?.likelyCauses ?? []).findIndex((text) => namesSamePart(text, mode.component))
  if (cause >= 0)
    return { ratio: cause === 0 ? firstCause : laterCause, reason: `${code} (${meaning}) is often caused by it` }
  return { ratio: ofSystem, reason: `${code} (${meaning}) is of this system` }
}
