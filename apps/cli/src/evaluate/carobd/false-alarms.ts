/** False alarms: every alert that a healthy vehicle raises. */
import { createSyntheticVehicle } from '@pitcrew/simulator'
import { detection } from '@pitcrew/data-analysis'
import type { SignalFrame } from '@pitcrew/signals'
import { drive, joined, type Driven } from './drive.ts'
import { poissonUpper95 } from './poisson.ts'
import { partOf } from './split.ts'

export const generatedVehicles = 60
export const generatedHoursEach = 5
/** Longer than what parts two trips, and a night. */
export const restsMs = [660_000, 8 * 3_600_000] as const

export interface FalseAlarms {
  hours: number
  /** "live5 COOLING", one for each. */
  alarms: string[]
}

export interface Rate {
  per100h: number
  upper95: number
}

export const rateOf = ({ hours, alarms }: FalseAlarms): Rate => ({
  per100h: (100 * alarms.length) / hours,
  upper95: (100 * poissonUpper95(alarms.length)) / hours,
})

const add = (to: FalseAlarms, name: string, { hours, raised }: Driven): FalseAlarms => ({
  hours: to.hours + hours,
  alarms: [...to.alarms, ...raised.map(({ system }) => `${name} ${system}`)],
})

const none: FalseAlarms = { hours: 0, alarms: [] }

type Drives = ReadonlyMap<string, readonly SignalFrame[]>

/** Each drive by a vehicle that has never been seen before: nothing is learned yet. */
export function asNewVehicles(drives: Drives): FalseAlarms {
  return [...drives].reduce((sum, [name, frames]) => add(sum, name, drive(name, frames)), none)
}

/** All drives by one vehicle: what is learned on one is held against the next. */
export function asOneVehicle(drives: Drives, restMs: number): FalseAlarms {
  return add(none, 'one vehicle', drive('one', joined(drives.values(), restMs)))
}

/** As a device that is slower, or whose clock is another, would have sent them: alarms must not hang on the rate. */
export function asSentOtherwise(drives: Drives): FalseAlarms {
  return [...drives].reduce((sum, [name, frames]) => {
    const sparse = frames.filter((_, index) => index % 10 === 0)
    const stretched = frames.map((frame, index) => ({ ...frame, timeMs: frames[0]!.timeMs + index * 1_000 }))
    return add(add(sum, `${name} every tenth row`, drive(name, sparse)), `${name} at 1 Hz`, drive(name, stretched))
  }, none)
}

/** Seeded vehicles of the simulator, each for so many hours. */
export function generated(vehicles: number, hoursEach: number): FalseAlarms {
  let sum = none
  for (let index = 0; index < vehicles; index++) {
    const name = `generated-${index}`
    sum = add(sum, name, drive(name, seconds(name, hoursEach * 3_600)))
  }
  return sum
}

function* seconds(seed: string, count: number): Generator<SignalFrame> {
  const next = createSyntheticVehicle(seed)
  for (let second = 0; second < count; second++) yield next(detection.startMs + second * 1_000)
}

export type Alarms = Record<'newVehicles' | 'heldOut' | 'oneVehicle' | 'sentOtherwise' | 'generated', FalseAlarms>

export function measureAlarms(drives: Drives, onProgress: (words: string) => void): Alarms {
  const heldOut = new Map([...drives].filter(([name]) => partOf(name) === 'heldOut'))
  const alarms: Alarms = {
    newVehicles: asNewVehicles(drives),
    heldOut: asNewVehicles(heldOut),
    oneVehicle: restsMs
      .map((restMs) => asOneVehicle(drives, restMs))
      .reduce((worst, one) => (one.alarms.length > worst.alarms.length ? one : worst)),
    sentOtherwise: asSentOtherwise(drives),
    generated: generated(generatedVehicles, generatedHoursEach),
  }
  for (const [name, { hours, alarms: raised }] of Object.entries(alarms))
    onProgress(`${name}: ${raised.length} alarms in ${hours.toFixed(1)} h ${raised.join(', ')}`)
  return alarms
}
