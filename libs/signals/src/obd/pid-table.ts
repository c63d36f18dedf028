/**
 * SAE J1979 service 01 ("current data"): what each PID measures and how its bytes A, B, ... encode it. Formulas are those of
 * SAE J1979-DA, annex B. To add a PID: a row in `obdPids`, or in `compoundPids` when it carries several values, and its path
 * in the catalogue if it is new.
 */
import type { Measured } from '../raw-measurement.ts'
import type { Unit } from '../units.ts'
import { compoundPids } from './compound-pids.ts'
import { otherLengths } from './pid-lengths.ts'

export interface ObdPid {
  pid: number
  /** Data bytes after the PID. */
  length: number
  path: string
  unit: Unit
  /** From bytes A and B; a PID of one byte has no B. */
  decode(a: number, b: number): number
}

const pid = (
  id: number,
  length: number,
  path: string,
  unit: Unit,
  decode: (a: number, b: number) => number,
): ObdPid => ({
  pid: id,
  length,
  path,
  unit,
  decode,
})

const scaled = (a: number) => (a * 100) / 255
const offset40 = (a: number) => a - 40
const trim = (a: number) => (a * 100) / 128 - 100
const word = (a: number, b: number) => a * 256 + b
const catalyst = (a: number, b: number) => word(a, b) / 10 - 40
/** Two's complement, a quarter of a pascal each. */
const vapour = (a: number, b: number) => (word(a, b) > 0x7fff ? word(a, b) - 0x10000 : word(a, b)) / 4
const engine = 'Vehicle.Powertrain.CombustionEngine'
const obd = 'Vehicle.OBD'

/** PIDs that carry one value each. */
export const obdPids: readonly ObdPid[] = [
  pid(0x04, 1, `${obd}.EngineLoad`, 'percent', scaled),
  pid(0x05, 1, `${engine}.EngineCoolant.Temperature`, 'celsius', offset40),
  pid(0x06, 1, `${obd}.ShortTermFuelTrim1`, 'percent', trim),
  pid(0x07, 1, `${obd}.LongTermFuelTrim1`, 'percent', trim),
  pid(0x08, 1, `${obd}.ShortTermFuelTrim2`, 'percent', trim),
  pid(0x09, 1, `${obd}.LongTermFuelTrim2`, 'percent', trim),
  pid(0x0a, 1, `${obd}.FuelPressure`, 'kPa', (a) => a * 3),
  pid(0x0b, 1, `${engine}.MAP`, 'kPa', (a) => a),
  pid(0x0c, 2, `${engine}.Speed`, 'rpm', (a, b) => word(a, b) / 4),
  pid(0x0d, 1, 'Vehicle.Speed', 'km/h', (a) => a),
  pid(0x0e, 1, `${obd}.TimingAdvance`, 'degrees', (a) => a / 2 - 64),
  pid(0x0f, 1, `${obd}.IntakeTemp`, 'celsius', offset40),
  pid(0x10, 2, `${engine}.MAF`, 'g/s', (a, b) => word(a, b) / 100),
  pid(0x11, 1, `${engine}.TPS`, 'percent', scaled),
  pid(0x1f, 2, `${obd}.RunTime`, 's', word),
  pid(0x21, 2, `${obd}.DistanceWithMIL`, 'km', word),
  pid(0x22, 2, `${obd}.FuelRailPressureVac`, 'kPa', (a, b) => word(a, b) * 0.079),
  pid(0x23, 2, `${obd}.FuelRailPressureDirect`, 'kPa', (a, b) => word(a, b) * 10),
  pid(0x2c, 1, `${obd}.CommandedEGR`, 'percent', scaled),
  pid(0x2d, 1, `${obd}.EGRError`, 'percent', trim),
  pid(0x2e, 1, `${obd}.CommandedEVAP`, 'percent', scaled),
  pid(0x2f, 1, 'Vehicle.Powertrain.FuelSystem.RelativeLevel', 'percent', scaled),
  pid(0x30, 1, `${obd}.WarmupsSinceDTCClear`, 'count', (a) => a),
  pid(0x31, 2, `${obd}.DistanceSinceDTCClear`, 'km', word),
  pid(0x32, 2, `${obd}.EVAPVaporPressure`, 'Pa', vapour),
  pid(0x33, 1, `${obd}.BarometricPressure`, 'kPa', (a) => a),
  pid(0x3c, 2, `${obd}.Catalyst.Bank1.Temperature1`, 'celsius', catalyst),
  pid(0x3d, 2, `${obd}.Catalyst.Bank2.Temperature1`, 'celsius', catalyst),
  pid(0x3e, 2, `${obd}.Catalyst.Bank1.Temperature2`, 'celsius', catalyst),
  pid(0x3f, 2, `${obd}.Catalyst.Bank2.Temperature2`, 'celsius', catalyst),
  pid(0x42, 2, 'Vehicle.LowVoltageBattery.CurrentVoltage', 'V', (a, b) => word(a, b) / 1000),
  pid(0x43, 2, `${obd}.AbsoluteLoad`, 'percent', (a, b) => (word(a, b) * 100) / 255),
  pid(0x44, 2, `${obd}.CommandedEquivalenceRatio`, 'ratio', (a, b) => (word(a, b) * 2) / 65_536),
  pid(0x45, 1, `${obd}.RelativeThrottlePosition`, 'percent', scaled),
  pid(0x46, 1, 'Vehicle.Exterior.AirTemperature', 'celsius', offset40),
  pid(0x47, 1, `${obd}.ThrottlePositionB`, 'percent', scaled),
  pid(0x48, 1, `${obd}.ThrottlePositionC`, 'percent', scaled),
  pid(0x49, 1, `${obd}.AcceleratorPositionD`, 'percent', scaled),
  pid(0x4a, 1, `${obd}.AcceleratorPositionE`, 'percent', scaled),
  pid(0x4b, 1, `${obd}.AcceleratorPositionF`, 'percent', scaled),
  pid(0x4c, 1, `${obd}.ThrottleActuator`, 'percent', scaled),
  pid(0x4d, 2, `${obd}.RunTimeMIL`, 'min', word),
  pid(0x4e, 2, `${obd}.TimeSinceDTCCleared`, 'min', word),
  pid(0x52, 1, `${obd}.EthanolPercent`, 'percent', scaled),
  pid(0x53, 2, `${obd}.EVAPVaporPressureAbsolute`, 'kPa', (a, b) => word(a, b) / 200),
  pid(0x59, 2, `${obd}.FuelRailPressureAbsolute`, 'kPa', (a, b) => word(a, b) * 10),
  pid(0x5a, 1, `${obd}.RelativeAcceleratorPosition`, 'percent', scaled),
  pid(0x5b, 1, `${obd}.HybridBatteryRemaining`, 'percent', scaled),
  pid(0x5c, 1, `${engine}.EngineOil.Temperature`, 'celsius', offset40),
  pid(0x5d, 2, `${obd}.FuelInjectionTiming`, 'degrees', (a, b) => word(a, b) / 128 - 210),
  pid(0x5e, 2, `${obd}.FuelRate`, 'l/h', (a, b) => word(a, b) / 20),
]

const single = new Map(obdPids.map((entry) => [entry.pid, entry]))
const compound = new Map(compoundPids.map((entry) => [entry.pid, entry]))

/** Data bytes after the PID; undefined for one that is not in the standard's part that is read here. */
export const lengthOfPid = (id: number): number | undefined =>
  single.get(id)?.length ?? compound.get(id)?.length ?? otherLengths.get(id)

/** The values of a PID whose data starts at `at` and is all there; none for one that is known by its length alone. */
export function measurementsOfPid(id: number, bytes: Uint8Array, at: number): Measured[] {
  const entry = single.get(id)
  if (entry) return [{ path: entry.path, value: entry.decode(bytes[at]!, bytes[at + 1] ?? 0), unit: entry.unit }]
  return compound.get(id)?.decode(bytes.subarray(at)) ?? []
}

/** By the name that a device gives a reading, "010C" or "010c"; PIDs of several values have none. */
export const pidNames: ReadonlyMap<string, string> = new Map(
  obdPids.flatMap(({ pid: id, path }) => {
    const hex = id.toString(16).padStart(2, '0')
    return [hex, hex.toUpperCase(), hex[0]! + hex[1]!.toUpperCase(), hex[0]!.toUpperCase() + hex[1]!].map(
      (spelling): [string, string] => [`01${spelling}`, path],
    )
  }),
)

/** The VSS path of a service 01 PID written as four hex digits ("0105"), or undefined. */
export const pathOfPid = (name: string): string | undefined => pidNames.get(name)
