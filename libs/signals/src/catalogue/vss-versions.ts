/**
 * What a path meant in the version of VSS that a payload is of. Only differences that touch a signal of the catalogue stand here;
 * a path that a version had in the same unit, or did not have yet, is read as 6.0 has it.
 */
import type { Signal } from '../signal.ts'
import type { Unit } from '../units.ts'
import { signal, vssVersion } from './index.ts'

interface VssVersion {
  /** Canonical path -> the unit in which that version carries it. */
  units: ReadonlyMap<string, Unit>
}

/** COVESA moved the odometers to whole metres with 6.0; until then they were kilometres. */
const kilometres: VssVersion = {
  units: new Map([
    ['Vehicle.TraveledDistance', 'km'],
    ['Vehicle.TraveledDistanceSinceStart', 'km'],
  ]),
}

const current: VssVersion = { units: new Map() }

/** 4.x and 5.x had the OBD branch (deprecated from 5.0) and the engine's ECT and EOT, which are aliases in every version. */
const versions = new Map<string, VssVersion>([
  ['', current],
  ...['4.0', '4.1', '4.2', '5.0', '5.1'].map((version) => [version, kilometres] as const),
  [vssVersion, current],
])

export const vssVersions: readonly string[] = [...versions.keys()].filter((version) => version !== '')

export type ResolvedSignal =
  /** `unit`: of a value that carries none of its own. */
  | { ok: true; signal: Signal; unit: Unit }
  | { ok: false; code: 'UNKNOWN_VSS_VERSION' | 'UNKNOWN_SIGNAL'; message: string }

/** "5.1", "v5.1" and "5.1.0" are the same; an empty version is the catalogue's own. */
function find(version: string): VssVersion | undefined {
  const exact = versions.get(version)
  if (exact) return exact
  const match = /^v?(\d{1,3}\.\d{1,3})(?:\.\d{1,3})?$/.exec(version)
  return match ? versions.get(match[1]!) : undefined
}

export const isVssVersion = (version: string): boolean => find(version) !== undefined

/** The unit that a bare value of this signal has in that version; undefined for a version that is not read. */
export function unitIn(version: string, entry: Signal): Unit | undefined {
  const known = find(version)
  return known && (known.units.get(entry.path) ?? entry.unit)
}

export const unknownVersion = (version: string): string =>
  `VSS ${JSON.stringify(version.slice(0, 20))} is not read: expected one of ${vssVersions.join(', ')}`

/** The signal that a path of that version names, and the unit that it has there. */
export function resolveSignal(path: string, version = ''): ResolvedSignal {
  if (!isVssVersion(version)) return { ok: false, code: 'UNKNOWN_VSS_VERSION', message: unknownVersion(version) }
  const entry = signal(path)
  if (!entry)
    return { ok: false, code: 'UNKNOWN_SIGNAL', message: `${path} is not in the catalogue: expected a VSS path` }
  return { ok: true, signal: entry, unit: unitIn(version, entry)! }
}
