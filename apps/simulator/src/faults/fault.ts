import type { SignalFrame, VehicleSystem } from '@pitcrew/signals'
import type { Development } from './development.ts'

/** A named number that shapes a fault. */
export interface FaultParameter {
  unit: string
  description: string
  default: number
}

export interface FaultLimit {
  description: string
  /** Whether readings of a running engine are beyond it. */
  crossed(values: Record<string, number>): boolean
  /** Shorter excursions are transients; seconds. */
  holdSeconds: number
}

/**
 * A physical degradation that is laid over the frames of a healthy vehicle. The same frames and parameters always give
 * the same result: what looks random (a load that switches) is a function of time.
 */
export interface Fault {
  name: string
  /** The system in which a good detector finds it. */
  system: VehicleSystem
  /** The physics, how it moves which signals over time, and what the ECU does about it. */
  description: string
  /** Where the function is lost or damage begins: finding the fault later than this is finding it too late. */
  limit: FaultLimit
  parameters: Record<string, FaultParameter>
  /** How such a part can fail; the first is how it usually does. Coolant that has leaked does not come back. */
  developments: readonly Development[]
  /** A fresh overlay for one vehicle. Frames must be given in order of time; they are not modified. */
  overlay(parameters: Record<string, number>, development: Development): (frame: SignalFrame) => SignalFrame
}

export const paths = {
  rpm: 'Vehicle.Powertrain.CombustionEngine.Speed',
  speed: 'Vehicle.Speed',
  load: 'Vehicle.OBD.EngineLoad',
  map: 'Vehicle.Powertrain.CombustionEngine.MAP',
  coolant: 'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature',
  intake: 'Vehicle.OBD.IntakeTemp',
  ambient: 'Vehicle.Exterior.AirTemperature',
  voltage: 'Vehicle.LowVoltageBattery.CurrentVoltage',
  shortTrim: 'Vehicle.OBD.ShortTermFuelTrim1',
  longTrim: 'Vehicle.OBD.LongTermFuelTrim1',
  catalystFront: 'Vehicle.OBD.Catalyst.Bank1.Temperature1',
  catalystRear: 'Vehicle.OBD.Catalyst.Bank1.Temperature2',
} as const

const units: Record<string, string> = { [paths.coolant]: 'degrees', [paths.voltage]: 'V', [paths.longTrim]: '%' }

/** What a sensor reads for less than this may be its noise. */
const holdSeconds = 1.5

/** A limit of one signal. */
export const limitOf = (path: string, direction: 'above' | 'below', value: number): FaultLimit => ({
  holdSeconds,
  description: `${path} ${direction} ${value} ${units[path] ?? ''}`.trim(),
  crossed: (values) => {
    const reading = values[path]
    return reading !== undefined && (direction === 'above' ? reading > value : reading < value)
  },
})

export const onset: FaultParameter = {
  unit: 's',
  description: 'First frame to the beginning of the fault',
  default: 300,
}

export const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)

/** To the resolution that the sensor reports in. */
export const quantise = (value: number, step: number) => Math.round(value / step) * step

/** A copy of the frame with some values changed and, when `code` is given, that fault code added. */
export function withChanges(frame: SignalFrame, changes: Record<string, number>, code?: string): SignalFrame {
  const dtcs = frame.dtcs ?? []
  return {
    ...frame,
    values: { ...frame.values, ...changes },
    dtcs: code === undefined || dtcs.includes(code) ? dtcs : [...dtcs, code],
  }
}
