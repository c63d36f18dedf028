import type { Signal } from '../signal.ts'
import { aliases } from './aliases.ts'
import { electricSignals } from './electric.ts'
import { obdSignals } from './obd.ts'
import { powertrainSignals } from './powertrain.ts'
import { truckSignals } from './truck.ts'
import { turbofanSignals } from './turbofan.ts'
import { vehicleSignals } from './vehicle.ts'

/** The version of VSS that the paths are of; payloads carry theirs, because VSS renames and rescales between versions. */
export const vssVersion = '6.0'

export const signals: readonly Signal[] = [
  ...vehicleSignals,
  ...powertrainSignals,
  ...electricSignals,
  ...obdSignals,
  ...truckSignals,
  ...turbofanSignals,
]

const byPath = new Map<string, Signal>(signals.map((entry) => [entry.path, entry]))
for (const [alias, path] of aliases) {
  const target = byPath.get(path)
  if (target) byPath.set(alias, target)
}

/** The catalogue's entry for a VSS path or a known alias of it (the entry's `path` is the canonical one), or undefined. */
export function signal(path: string): Signal | undefined {
  return byPath.get(path)
}
