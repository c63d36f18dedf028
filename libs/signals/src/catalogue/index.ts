import type { Signal } from '../signal.ts'
import { obdSignals } from './obd.ts'
import { powertrainSignals } from './powertrain.ts'
import { vehicleSignals } from './vehicle.ts'

/** The version of VSS that the paths are of; payloads carry it, because VSS renames between major versions. */
export const vssVersion = '6.0'

export const signals: readonly Signal[] = [...vehicleSignals, ...powertrainSignals, ...obdSignals]

/** Older and overlay spellings of a signal that Pitcrew carries under another path. Units are the same. */
const aliases: Record<string, string> = {
  'Vehicle.Powertrain.CombustionEngine.ECT': 'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature',
  'Vehicle.Powertrain.CombustionEngine.EOT': 'Vehicle.Powertrain.CombustionEngine.EngineOil.Temperature',
  'Vehicle.OBD.CoolantTemperature': 'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature',
  'Vehicle.OBD.OilTemperature': 'Vehicle.Powertrain.CombustionEngine.EngineOil.Temperature',
  'Vehicle.OBD.EngineSpeed': 'Vehicle.Powertrain.CombustionEngine.Speed',
  'Vehicle.OBD.Speed': 'Vehicle.Speed',
  'Vehicle.OBD.MAP': 'Vehicle.Powertrain.CombustionEngine.MAP',
  'Vehicle.OBD.MAF': 'Vehicle.Powertrain.CombustionEngine.MAF',
  'Vehicle.OBD.ThrottlePosition': 'Vehicle.Powertrain.CombustionEngine.TPS',
  'Vehicle.OBD.FuelLevel': 'Vehicle.Powertrain.FuelSystem.RelativeLevel',
  'Vehicle.OBD.ControlModuleVoltage': 'Vehicle.LowVoltageBattery.CurrentVoltage',
  'Vehicle.OBD.AmbientAirTemperature': 'Vehicle.Exterior.AirTemperature',
}

const byPath = new Map<string, Signal>(signals.map((entry) => [entry.path, entry]))
for (const [alias, path] of Object.entries(aliases)) {
  const target = byPath.get(path)
  if (target) byPath.set(alias, target)
}

/** The catalogue's entry for a VSS path or a known alias of it (the entry's `path` is the canonical one), or undefined. */
export function signal(path: string): Signal | undefined {
  return byPath.get(path)
}
