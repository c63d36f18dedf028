import type { vehicle } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { isVehicleId } from './normalise-frame.ts'
import { vinProblem } from './vin.ts'

/** A vehicle as it may enter the registry, with its VIN in upper case. Throws Terminal with the first thing that is wrong. */
export function checkedVehicle(given: vehicle.Vehicle | undefined, thisYear: number): vehicle.Vehicle {
  if (!given)
    throw new Terminal('MISSING_VEHICLE', 'the request holds no vehicle', {
      hint: 'send the vehicle with its vehicleId',
    })
  if (!isVehicleId(given.vehicleId))
    throw new Terminal('BAD_VEHICLE_ID', 'vehicleId is missing or not an id: expected 1 to 64 of A-Z a-z 0-9 . _ -', {
      hint: 'use the id that the vehicle sends its telemetry under',
    })
  const vin = given.vin.trim().toUpperCase()
  const problem = vin === '' ? undefined : vinProblem(vin)
  if (problem) throw new Terminal('BAD_VIN', problem, { hint: 'correct it, or leave vin empty when it is unknown' })
  for (const key of ['model', 'plant'] as const)
    if (given[key].length > 64)
      throw new Terminal('BAD_VEHICLE', `${key} has ${given[key].length} characters: at most 64 are taken`)
  const { modelYear } = given
  if (modelYear !== 0 && (!Number.isInteger(modelYear) || modelYear < 1950 || modelYear > thisYear + 2))
    throw new Terminal(
      'BAD_MODEL_YEAR',
      `modelYear is ${modelYear}: expected 1950 to ${thisYear + 2}, or 0 when unknown`,
    )
  expectDate('buildMonth', given.buildMonth, /^\d{4}-\d{2}$/, '2014-03', '-01')
  expectDate('inServiceDate', given.inServiceDate, /^\d{4}-\d{2}-\d{2}$/, '2014-06-17', '')
  return { ...given, vin }
}

function expectDate(key: string, text: string, pattern: RegExp, example: string, rest: string): void {
  if (text === '') return
  const date = pattern.test(text) ? new Date(`${text}${rest}T00:00:00Z`) : undefined
  // Date turns 31 April into 1 May: a date that exists reads the same afterwards.
  if (date && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)) return
  throw new Terminal(
    'BAD_DATE',
    `${key} is ${JSON.stringify(text.slice(0, 20))}: expected a calendar date like "${example}"`,
    {
      hint: `leave ${key} empty when it is unknown`,
    },
  )
}
