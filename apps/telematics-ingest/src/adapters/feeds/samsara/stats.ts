/** The statistics of a vehicle that are read, and what they are in VSS. A statistic's name says its unit. */
import { z } from 'zod'
import type { EntryRefusals } from '../../../domain/entry-refusals.ts'
import { isVin, idFrom } from '../known-vehicles.ts'
import { amount, instant, isObject, type JsonObject } from '../provider-json.ts'
import type { ProviderVehicle, ValueFrames } from '../value-frames.ts'
import { readFaults } from './fault-codes.ts'

interface Stat {
  stat: string
  path: string
  unit: string
  /** The unit's factor, where its name is no unit of the catalogue: thousandths. */
  scale: number
}

const engine = 'Vehicle.Powertrain.CombustionEngine'
const stat = (name: string, path: string, unit: string, scale = 1): Stat => ({ stat: name, path, unit, scale })
const milli = 0.001

export const stats: readonly Stat[] = [
  stat('engineRpm', `${engine}.Speed`, 'rpm'),
  stat('ecuSpeedMph', 'Vehicle.Speed', 'mph'),
  stat('engineLoadPercent', 'Vehicle.OBD.EngineLoad', 'percent'),
  stat('engineCoolantTemperatureMilliC', `${engine}.EngineCoolant.Temperature`, 'celsius', milli),
  stat('engineOilPressureKPa', `${engine}.EOP`, 'kPa'),
  stat('batteryMilliVolts', 'Vehicle.LowVoltageBattery.CurrentVoltage', 'mV'),
  stat('ambientAirTemperatureMilliC', 'Vehicle.Exterior.AirTemperature', 'celsius', milli),
  stat('intakeManifoldTemperatureMilliC', 'Vehicle.OBD.IntakeTemp', 'celsius', milli),
  stat('barometricPressurePa', 'Vehicle.OBD.BarometricPressure', 'Pa'),
  stat('fuelPercents', 'Vehicle.Powertrain.FuelSystem.RelativeLevel', 'percent'),
  stat('defLevelMilliPercent', `${engine}.DieselExhaustFluid.Level`, 'percent', milli),
  stat('obdOdometerMeters', 'Vehicle.TraveledDistance', 'm'),
  stat('obdEngineSeconds', `${engine}.EngineHours`, 's'),
  stat('evStateOfChargeMilliPercent', 'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current', 'percent', milli),
]

export const faultCodesStat = 'faultCodes'

const point = z.object({ time: instant, value: amount })

/** One vehicle of a page. Nothing is thrown, whatever it holds. */
export function addVehicle(entry: unknown, where: string, values: ValueFrames, refusals: EntryRefusals): void {
  const vehicle = isObject(entry) ? vehicleOf(entry) : undefined
  if (!isObject(entry) || !vehicle) return refusals.add(isObject(entry) ? 'NO_VEHICLE' : 'BAD_ENTRY', where)
  for (const { stat: name, path, unit, scale } of stats) {
    for (const [given, at] of pointsOf(entry[name], `${where}.${name}`)) {
      const read = point.safeParse(given)
      if (read.success) values.value(vehicle, read.data.time, path, read.data.value * scale, unit)
      else refusals.add(refusalOf(given, read.error), at)
    }
  }
  for (const [given, at] of pointsOf(entry[faultCodesStat], `${where}.${faultCodesStat}`)) {
    const report = readFaults(given, at, refusals)
    if (report) values.codes(vehicle, report.timeMs, report.faults)
  }
}

/** The feed gives lists, the snapshot of the same API one object. */
function pointsOf(given: unknown, where: string): [unknown, string][] {
  if (given === undefined || given === null) return []
  return Array.isArray(given) ? given.map((each, i) => [each, `${where}[${i}]`]) : [[given, where]]
}

function refusalOf(given: unknown, error: z.ZodError): 'BAD_ENTRY' | 'BAD_TIME' | 'BAD_VALUE' {
  if (!isObject(given)) return 'BAD_ENTRY'
  return error.issues.some(({ path }) => path[0] === 'time') ? 'BAD_TIME' : 'BAD_VALUE'
}

function vehicleOf({ id, vin, externalIds }: JsonObject): ProviderVehicle | undefined {
  const external = isObject(externalIds) ? externalIds['samsara.vin'] : undefined
  const given = [vin, external].find((each) => typeof each === 'string' && isVin(each.trim().toUpperCase()))
  if (typeof given === 'string') return { id: given.trim().toUpperCase(), vin: given.trim().toUpperCase() }
  const own = typeof id === 'number' ? String(id) : id
  return typeof own === 'string' && own.trim() !== '' ? { id: idFrom('samsara', own.trim()), vin: '' } : undefined
}
