/**
 * SAE J1979 mode 01 ("current data"): what each PID measures and how its bytes A, B, ... encode it.
 * Formulas are those of SAE J1979-DA, annex B.
 */
import type { Unit } from './units.ts'

export interface ObdPid {
  pid: number
  /** Data bytes after the PID. */
  length: number
  path: string
  unit: Unit
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
const engine = 'Vehicle.Powertrain.CombustionEngine'

export const obdPids: readonly ObdPid[] = [
  pid(0x04, 1, 'Vehicle.OBD.EngineLoad', 'percent', scaled),
  pid(0x05, 1, `${engine}.EngineCoolant.Temperature`, 'celsius', offset40),
  pid(0x06, 1, 'Vehicle.OBD.ShortTermFuelTrim1', 'percent', trim),
  pid(0x07, 1, 'Vehicle.OBD.LongTermFuelTrim1', 'percent', trim),
  pid(0x08, 1, 'Vehicle.OBD.ShortTermFuelTrim2', 'percent', trim),
  pid(0x09, 1, 'Vehicle.OBD.LongTermFuelTrim2', 'percent', trim),
  pid(0x0a, 1, 'Vehicle.OBD.FuelPressure', 'kPa', (a) => a * 3),
  pid(0x0b, 1, `${engine}.MAP`, 'kPa', (a) => a),
  pid(0x0c, 2, `${engine}.Speed`, 'rpm', (a, b) => word(a, b) / 4),
  pid(0x0d, 1, 'Vehicle.Speed', 'km/h', (a) => a),
  pid(0x0e, 1, 'Vehicle.OBD.TimingAdvance', 'degrees', (a) => a / 2 - 64),
  pid(0x0f, 1, 'Vehicle.OBD.IntakeTemp', 'celsius', offset40),
  pid(0x10, 2, `${engine}.MAF`, 'g/s', (a, b) => word(a, b) / 100),
  pid(0x11, 1, `${engine}.TPS`, 'percent', scaled),
  pid(0x1f, 2, 'Vehicle.OBD.RunTime', 's', word),
  pid(0x21, 2, 'Vehicle.OBD.DistanceWithMIL', 'km', word),
  pid(0x2c, 1, 'Vehicle.OBD.CommandedEGR', 'percent', scaled),
  pid(0x2e, 1, 'Vehicle.OBD.CommandedEVAP', 'percent', scaled),
  pid(0x2f, 1, 'Vehicle.Powertrain.FuelSystem.RelativeLevel', 'percent', scaled),
  pid(0x30, 1, 'Vehicle.OBD.WarmupsSinceDTCClear', 'count', (a) => a),
  pid(0x31, 2, 'Vehicle.OBD.DistanceSinceDTCClear', 'km', word),
  pid(0x33, 1, 'Vehicle.OBD.BarometricPressure', 'kPa', (a) => a),
  pid(0x3c, 2, 'Vehicle.OBD.Catalyst.Bank1.Temperature1', 'celsius', catalyst),
  pid(0x3d, 2, 'Vehicle.OBD.Catalyst.Bank2.Temperature1', 'celsius', catalyst),
  pid(0x3e, 2, 'Vehicle.OBD.Catalyst.Bank1.Temperature2', 'celsius', catalyst),
  pid(0x3f, 2, 'Vehicle.OBD.Catalyst.Bank2.Temperature2', 'celsius', catalyst),
  pid(0x42, 2, 'Vehicle.LowVoltageBattery.CurrentVoltage', 'V', (a, b) => word(a, b) / 1000),
  pid(0x43, 2, 'Vehicle.OBD.AbsoluteLoad', 'percent', (a, b) => (word(a, b) * 100) / 255),
  pid(0x44, 2, 'Vehicle.OBD.CommandedEquivalenceRatio', 'ratio', (a, b) => (word(a, b) * 2) / 65_536),
  pid(0x45, 1, 'Vehicle.OBD.RelativeThrottlePosition', 'percent', scaled),
  pid(0x46, 1, 'Vehicle.Exterior.AirTemperature', 'celsius', offset40),
  pid(0x47, 1, 'Vehicle.OBD.ThrottlePositionB', 'percent', scaled),
  pid(0x49, 1, 'Vehicle.OBD.AcceleratorPositionD', 'percent', scaled),
  pid(0x4a, 1, 'Vehicle.OBD.AcceleratorPositionE', 'percent', scaled),
  pid(0x4c, 1, 'Vehicle.OBD.ThrottleActuator', 'percent', scaled),
  pid(0x4d, 2, 'Vehicle.OBD.RunTimeMIL', 'min', word),
  pid(0x4e, 2, 'Vehicle.OBD.TimeSinceDTCCleared', 'min', word),
  pid(0x52, 1, 'Vehicle.OBD.EthanolPercent', 'percent', scaled),
  pid(0x5b, 1, 'Vehicle.OBD.HybridBatteryRemaining', 'percent', scaled),
  pid(0x5c, 1, `${engine}.EngineOil.Temperature`, 'celsius', offset40),
  pid(0x5e, 2, 'Vehicle.OBD.FuelRate', 'l/h', (a, b) => word(a, b) / 20),
]

const byPid = new Map(obdPids.map((entry) => [entry.pid, entry]))

/** The VSS path of a mode 01 PID written as four hex digits ("0105"), or undefined. */
export function pathOfPid(name: string): string | undefined {
  return /^01[0-9a-f]{2}$/i.test(name) ? byPid.get(Number.parseInt(name.slice(2), 16))?.path : undefined
}

export type DecodedPid =
  | { ok: true; pid: number; path: string; value: number; unit: Unit }
  | { ok: false; code: 'NOT_MODE_01' | 'UNKNOWN_PID' | 'TRUNCATED'; message: string }

const hex = (byte: number | undefined) => (byte === undefined ? 'nothing' : byte.toString(16).padStart(2, '0'))

/** Decodes one mode 01 response as it comes off the bus: 0x41, the PID, then its data bytes (trailing padding is ignored). */
export function decodePid(bytes: Uint8Array | readonly number[]): DecodedPid {
  if (bytes[0] !== 0x41)
    return { ok: false, code: 'NOT_MODE_01', message: `response starts with ${hex(bytes[0])}: expected 41 (mode 01)` }
  const id = bytes[1]
  const entry = id === undefined ? undefined : byPid.get(id)
  if (!entry) return { ok: false, code: 'UNKNOWN_PID', message: `PID ${hex(id)} is not in the table` }
  const available = bytes.length - 2
  if (available < entry.length)
    return {
      ok: false,
      code: 'TRUNCATED',
      message: `PID ${hex(id)} has ${available} data bytes: expected ${entry.length}`,
    }
  return {
    ok: true,
    pid: entry.pid,
    path: entry.path,
    value: entry.decode(bytes[2] ?? 0, bytes[3] ?? 0),
    unit: entry.unit,
  }
}
