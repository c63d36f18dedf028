/** PIDs of SAE J1979 service 01 that carry several values, or whether a value is there. Formulas: J1979-DA, annex B. */
import type { Measured } from '../raw-measurement.ts'

export interface CompoundPid {
  pid: number
  length: number
  /** `data` begins with byte A and is at least `length` long. */
  decode(data: Uint8Array): Measured[]
}

const engine = 'Vehicle.Powertrain.CombustionEngine'
const word = (data: Uint8Array, at: number) => data[at]! * 256 + data[at + 1]!

/** 01 and 41: the lamp is bit 7 of A, the number of stored codes the rest of it. */
const status = (pid: number, branch: string): CompoundPid => ({
  pid,
  length: 4,
  decode: (data) => [
    { path: `${branch}.IsMILOn`, value: data[0]! >> 7, unit: 'boolean' },
    { path: `${branch}.DTCCount`, value: data[0]! & 0x7f, unit: 'count' },
  ],
})

const sensors = [1, 2, 3, 4, 5, 6, 7, 8]

/** 14 to 1B. A trim of FF means that the sensor is not used for it. */
const oxygen = sensors.map((sensor): CompoundPid => {
  const path = `Vehicle.OBD.O2.Sensor${sensor}`
  return {
    pid: 0x13 + sensor,
    length: 2,
    decode: (data) => [
      { path: `${path}.Voltage`, value: data[0]! / 200, unit: 'V' },
      ...(data[1] === 0xff
        ? []
        : [{ path: `${path}.ShortTermFuelTrim`, value: (data[1]! * 100) / 128 - 100, unit: 'percent' } as const]),
    ],
  }
})

const wideRange = (first: number, read: (path: string, data: Uint8Array) => Measured) =>
  sensors.map((sensor): CompoundPid => {
    const path = `Vehicle.OBD.O2WR.Sensor${sensor}`
    return {
      pid: first + sensor - 1,
      length: 4,
      decode: (data) => [
        { path: `${path}.Lambda`, value: (word(data, 0) * 2) / 65_536, unit: 'ratio' },
        read(path, data),
      ],
    }
  })

export const compoundPids: readonly CompoundPid[] = [
  status(0x01, 'Vehicle.OBD.Status'),
  ...oxygen,
  ...wideRange(0x24, (path, data) => ({ path: `${path}.Voltage`, value: (word(data, 2) * 8) / 65_536, unit: 'V' })),
  ...wideRange(0x34, (path, data) => ({ path: `${path}.Current`, value: word(data, 2) / 256 - 128, unit: 'mA' })),
  status(0x41, 'Vehicle.OBD.DriveCycleStatus'),
  {
    // A tells which of two sensors are there.
    pid: 0x66,
    length: 5,
    decode: (data) => ((data[0]! & 1) === 0 ? [] : [{ path: `${engine}.MAF`, value: word(data, 1) / 32, unit: 'g/s' }]),
  },
  {
    pid: 0x67,
    length: 3,
    decode: (data) =>
      (data[0]! & 1) === 0
        ? []
        : [{ path: `${engine}.EngineCoolant.Temperature`, value: data[1]! - 40, unit: 'celsius' }],
  },
  {
    // The odometer, tenths of a kilometre.
    pid: 0xa6,
    length: 4,
    decode: (data) => [
      { path: 'Vehicle.TraveledDistance', value: (word(data, 0) * 65_536 + word(data, 2)) / 10, unit: 'km' },
    ],
  },
]
