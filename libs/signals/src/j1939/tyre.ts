/**
 * PGN 65268: each message tells of the tyre that its first byte names. The high four bits are the axle from the front, the low
 * four the tyre from the left. VSS has one wheel a side, so of twin tyres the outer one stands for it; on the second axle
 * position 1 can be an inner left or a right one, which the message does not tell, and is left out.
 */
import type { Measured } from '../raw-measurement.ts'
import { valueOfSpn, type Spn } from './spn.ts'

export const tyrePgn = 65_268

const wheels: Record<number, string> = {
  0x00: 'Row1.Wheel.Left',
  0x01: 'Row1.Wheel.Right',
  0x10: 'Row2.Wheel.Left',
  0x13: 'Row2.Wheel.Right',
}

const spns: readonly Spn[] = [
  { spn: 241, byte: 2, length: 1, scale: 4, offset: 0, unit: 'kPa', path: 'Tire.Pressure' },
  { spn: 242, byte: 3, length: 2, scale: 0.03125, offset: -273, unit: 'celsius', path: 'Tire.Temperature' },
]

export function readTyre(data: Uint8Array): Measured[] {
  const wheel = wheels[data[0] ?? 0xff]
  if (wheel === undefined) return []
  return spns.flatMap((spn) => {
    const value = valueOfSpn(spn, data)
    return value === undefined ? [] : [{ path: `Vehicle.Chassis.Axle.${wheel}.${spn.path}`, value, unit: spn.unit }]
  })
}
