/** What a machine's entry in a fleet snapshot says, as readings: each value has a time of its own (ISO 15143-3:2020, 7). */
import { z } from 'zod'
import type { EntryRefusals } from '../../../domain/entry-refusals.ts'
import { amount, instant, isObject, type JsonObject } from '../provider-json.ts'
import type { ProviderVehicle, ValueFrames } from '../value-frames.ts'
import { headerSchema, vehicleOf, type Machine } from './machine.ts'

export interface SnapshotEntry {
  machine: Machine
  vehicle: ProviderVehicle
  entry: JsonObject
  where: string
}

/** Undefined, and refused, when the entry names no machine. */
export function readEntry(entry: unknown, where: string, refusals: EntryRefusals): SnapshotEntry | undefined {
  const header = headerSchema.safeParse(isObject(entry) ? entry.equipmentheader : undefined)
  if (!isObject(entry) || !header.success) {
    refusals.add('BAD_ENTRY', where)
    return undefined
  }
  const vehicle = vehicleOf(header.data)
  if (vehicle) return { machine: header.data, vehicle, entry, where }
  refusals.add('NO_VEHICLE', where)
  return undefined
}

interface Element {
  /** The element, its number and its unit, names in lower case. */
  element: string
  number: string
  unitName?: string
  path: string
  unit: string
}

export const elements: readonly Element[] = [
  {
    element: 'cumulativeoperatinghours',
    number: 'hour',
    path: 'Vehicle.Powertrain.CombustionEngine.EngineHours',
    unit: 'h',
  },
  { element: 'distance', number: 'odometer', unitName: 'odometerunits', path: 'Vehicle.TraveledDistance', unit: 'km' },
  { element: 'fuelremaining', number: 'percent', path: 'Vehicle.Powertrain.FuelSystem.RelativeLevel', unit: 'percent' },
  {
    element: 'defremaining',
    number: 'percent',
    path: 'Vehicle.Powertrain.CombustionEngine.DieselExhaustFluid.Level',
    unit: 'percent',
  },
]

/** The standard's own spellings; any other is passed on and judged with the reading. */
const units: Record<string, string> = {
  kilometre: 'km',
  kilometer: 'km',
  mile: 'mi',
  metre: 'm',
  meter: 'm',
}

/** Values older than `oldestMs` are passed over: a snapshot goes on showing the last ones of a machine that stands. */
export function addSnapshot(
  { entry, vehicle, where }: SnapshotEntry,
  oldestMs: number,
  values: ValueFrames,
  refusals: EntryRefusals,
): void {
  for (const { element, number, unitName, path, unit } of elements) {
    const given = entry[element]
    if (given === undefined || given === null) continue
    const at = `${where}.${element}`
    const time = instant.safeParse(isObject(given) ? given.datetime : undefined)
    const value = hoursOrAmount.safeParse(isObject(given) ? given[number] : undefined)
    if (!time.success) refusals.add('BAD_TIME', at)
    else if (!value.success) refusals.add('BAD_VALUE', at)
    else if (time.data >= oldestMs)
      values.value(vehicle, time.data, path, value.data, unitOf(unitName && (given as JsonObject)[unitName], unit))
  }
}

function unitOf(given: unknown, usual: string): string {
  if (typeof given !== 'string' || given.trim() === '') return usual
  const spelling = given.trim().toLowerCase().slice(0, 32)
  return units[spelling] ?? units[spelling.replace(/s$/, '')] ?? spelling
}

/** Operating hours come as a number, or as an ISO 8601 duration of days, hours, minutes and seconds. */
const duration = z
  .string()
  .regex(/^P(?=.)(\d{1,6}D)?(T(?=.)(\d{1,7}H)?(\d{1,3}M)?(\d{1,3}(\.\d{1,9})?S)?)?$/)
  .transform((text) => {
    const part = (letter: string) => Number(new RegExp(`([0-9.]+)${letter}`).exec(text)?.[1] ?? 0)
    return part('D') * 24 + part('H') + part('M') / 60 + part('S') / 3600
  })

const hoursOrAmount = z.union([amount, duration])
