import { describe, expect, test } from '@jest/globals'
import { telemetry } from '@pitcrew/contracts'
import { signal } from '@pitcrew/signals'
import { defaultFrameLimits } from './frame-limits.ts'
import { normaliseFrame } from './normalise-frame.ts'

const now = Date.UTC(2026, 0, 15, 12)
const hour = 3_600_000

const raw = (changes: Partial<telemetry.RawFrame> = {}): telemetry.RawFrame => ({
  ...telemetry.RawFrame.create(),
  vehicleId: 'v1',
  deviceTimeMs: now - 1000,
  readings: [{ name: 'Vehicle.Speed', value: 50, unit: '' }],
  dtcs: [],
  hasDtcs: false,
  ...changes,
})

const normalise = (changes: Partial<telemetry.RawFrame>) => normaliseFrame(raw(changes), now, defaultFrameLimits)

const reading = (name: string, value: number, unit = '') => ({ name, value, unit })

describe('normalising a frame', () => {
  test('N2 turns PIDs into VSS paths and devices units into those of the catalogue', () => {
    const result = normalise({
      readings: [
        reading('0105', 194, 'degF'),
        reading('Vehicle.Speed', 62.1371192, 'mph'),
        reading('010C', 800, 'rpm'),
      ],
    })
    expect(result).toMatchObject({ kind: 'accepted', refusals: [] })
    const { readings } = (result as { frame: telemetry.Frame }).frame
    expect(readings.map(({ path }) => path)).toEqual([
      'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature',
      'Vehicle.Speed',
      'Vehicle.Powertrain.CombustionEngine.Speed',
    ])
    expect(readings[0]!.value).toBeCloseTo(90, 6)
    expect(readings[1]!.value).toBeCloseTo(100, 4)
  })

  test('N2 keeps the good readings of a frame and refuses the bad ones with their reasons', () => {
    const result = normalise({
      readings: [
        reading('Vehicle.Speed', 50),
        reading('Vehicle.Speed', 51),
        reading('Vehicle.Nonsense', 1),
        reading('0105', 4000),
        reading('010C', NaN),
        reading('0142', 12, 'furlong'),
        reading('0142', 12, 'km'),
      ],
    })
    expect(result).toMatchObject({ kind: 'accepted', frame: { readings: [{ path: 'Vehicle.Speed', value: 50 }] } })
    expect(result.refusals.map(({ code }) => code)).toEqual([
      'DUPLICATE_SIGNAL',
      'UNKNOWN_SIGNAL',
      'OUT_OF_RANGE',
      'NOT_A_NUMBER',
      'UNKNOWN_UNIT',
      'INCOMPATIBLE_UNIT',
    ])
  })

  test.each<[string, Partial<telemetry.RawFrame>]>([
    ['MISSING_VEHICLE_ID', { vehicleId: '' }],
    ['BAD_VEHICLE_ID', { vehicleId: 'a b' }],
    ['BAD_VEHICLE_ID', { vehicleId: 'telemetry.>*' }],
    ['BAD_VEHICLE_ID', { vehicleId: 'x'.repeat(65) }],
    ['MISSING_DEVICE_TIME', { deviceTimeMs: 0 }],
    ['BAD_DEVICE_TIME', { deviceTimeMs: NaN }],
    ['BAD_DEVICE_TIME', { deviceTimeMs: -5 }],
    ['BAD_DEVICE_TIME', { deviceTimeMs: 1.5 }],
    ['FUTURE_DATED', { deviceTimeMs: now + 5 * 60_000 + 1 }],
    ['TOO_OLD', { deviceTimeMs: now - 48 * hour - 1 }],
    ['EMPTY_FRAME', { readings: [] }],
    ['TOO_MANY_READINGS', { readings: new Array<telemetry.RawReading>(501).fill(reading('Vehicle.Speed', 1)) }],
  ])('N2 refuses a whole frame as %s', (code, changes) => {
    expect(normalise(changes)).toMatchObject({ kind: 'refused', refusals: [{ name: '', code }] })
  })

  test('N2 takes a frame at the very edges of time', () => {
    expect(normalise({ deviceTimeMs: now + 5 * 60_000 }).kind).toBe('accepted')
    expect(normalise({ deviceTimeMs: now - 48 * hour }).kind).toBe('accepted')
  })

  test('N2 a frame whose readings are all bad is refused, unless it reports fault codes', () => {
    const readings = [reading('Vehicle.Nonsense', 1)]
    expect(normalise({ readings })).toMatchObject({ kind: 'refused', refusals: [{ code: 'UNKNOWN_SIGNAL' }] })
    expect(normalise({ readings, hasDtcs: true })).toMatchObject({
      kind: 'accepted',
      frame: { readings: [], hasDtcs: true },
    })
  })

  test('N2 reads fault codes as SAE J2012, once each, and only when the device reported them', () => {
    const dtcs = ['p0217', 'P0217', 'P9999', '<script>']
    expect(normalise({ dtcs, hasDtcs: true })).toMatchObject({
      frame: { dtcs: ['P0217'], hasDtcs: true },
      refusals: [{ code: 'BAD_DTC' }, { code: 'BAD_DTC' }],
    })
    expect(normalise({ dtcs, hasDtcs: false })).toMatchObject({ frame: { dtcs: [], hasDtcs: false }, refusals: [] })
  })
})

describe('what comes from the bus', () => {
  const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')

  test('N2 J1979 responses become readings; what the device says itself stands instead of what is decoded', () => {
    const given = { readings: [reading('Vehicle.Speed', 50)], obd: [bytes('41 0C 1A F8'), bytes('41 0D 50')] }
    expect(normalise(given)).toMatchObject({
      kind: 'accepted',
      frame: {
        readings: [
          { path: 'Vehicle.Speed', value: 50 },
          { path: 'Vehicle.Powertrain.CombustionEngine.Speed', value: 1726 },
        ],
        hasDtcs: false,
      },
      refusals: [],
    })
  })

  test('N2 J1979 service 03 says which codes are active, service 07 which are pending', () => {
    expect(normalise({ readings: [], obd: [bytes('43 02 17'), bytes('47 03 00')] })).toMatchObject({
      kind: 'accepted',
      frame: {
        hasDtcs: true,
        dtcs: ['P0217'],
        faults: [
          { code: 'P0217', status: 'FAULT_STATUS_CONFIRMED' },
          { code: 'P0300', status: 'FAULT_STATUS_PENDING' },
        ],
      },
    })
  })

  test('N2 J1939 DM1 in one CAN frame gives the code with lamp and occurrence', () => {
    const can = [{ id: 0x18feca00, extended: true, data: bytes('10 FF 6E 00 00 03 FF FF') }]
    expect(normalise({ readings: [], can })).toMatchObject({
      frame: {
        hasDtcs: true,
        dtcs: ['SPN110-FMI0'],
        faults: [{ code: 'SPN110-FMI0', lamp: 'FAULT_LAMP_RED_STOP', occurrences: 3 }],
      },
    })
  })

  test('N2 a frame of foreign bus traffic is refused as empty, and one with too much of it whole', () => {
    const can = [{ id: 0x18feee77, extended: false, data: bytes('00') }]
    expect(normalise({ readings: [], can }).kind).toBe('refused')
    expect(normalise({ readings: [], obd: new Array<Buffer>(201).fill(bytes('41 0D 50')) })).toMatchObject({
      refusals: [{ code: 'TOO_MANY_READINGS' }],
    })
  })

  test('N2 pending codes stand in faults alone, permanent ones are active, J1939 codes are codes', () => {
    const fault = (code: string, status: telemetry.FaultStatus) => ({
      ...telemetry.FaultReport.create(),
      code,
      status,
      occurrences: 2,
    })
    const faults = [
      fault('p0301', 'FAULT_STATUS_PENDING'),
      fault('P0420', 'FAULT_STATUS_PERMANENT'),
      fault('SPN524287-FMI31', 'FAULT_STATUS_UNSPECIFIED'),
      fault('SPN524288-FMI0', 'FAULT_STATUS_CONFIRMED'),
    ]
    expect(normalise({ faults, dtcs: ['P0420', 'P0117'], hasDtcs: true })).toMatchObject({
      frame: {
        dtcs: ['P0420', 'SPN524287-FMI31', 'P0117'],
        faults: [{ code: 'P0301', occurrences: 2 }, { code: 'P0420' }, { code: 'SPN524287-FMI31' }],
      },
      refusals: [{ name: 'dtcs', code: 'BAD_DTC' }],
    })
  })

  test('N2 names are read as of the version of VSS that the frame names', () => {
    const readings = [reading('Vehicle.Speed', 50)]
    expect(normalise({ readings, vssVersion: '4.2' })).toMatchObject({ kind: 'accepted' })
    expect(normalise({ readings, vssVersion: 'x.y' })).toMatchObject({ kind: 'refused' })
  })
})

describe('normalising nonsense', () => {
  /** mulberry32, so that a failing case can be run again. */
  function random(seed: number): () => number {
    let state = seed
    return () => {
      state = (state + 0x6d2b79f5) | 0
      let t = Math.imul(state ^ (state >>> 15), 1 | state)
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
      return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
    }
  }

  const names = [
    'Vehicle.Speed',
    '0105',
    '010C',
    '0142',
    '01zz',
    '',
    'toString',
    '__proto__',
    'Vehicle.Powertrain.CombustionEngine.EOP',
    '\u0000',
    '\ud800',
    'x'.repeat(5000),
  ]
  const values = [0, -0, 1, -1, 50, 1e9, -1e9, 1e308, -1e308, 5e-324, NaN, Infinity, -Infinity, Number.MAX_SAFE_INTEGER]
  const units = ['', 'percent', 'ratio', 'degF', 'K', 'mph', 'kPa', 'psi', 'constructor', '💥', 'mV', 'rpm']
  const ids = ['v1', '', 'a.b-c_D', '*', '\n', 'é', 'x'.repeat(64), 'x'.repeat(65)]
  const times = [now, now - hour, now + hour, 0, -1, NaN, Infinity, 1e300, now - 49 * hour, 0.5]
  const codes = ['P0217', '', 'p0300', 'U0100\u0000', 'PPPPP', 'C1FFF']

  const versions = ['4.2', '6.0', '99', '__proto__']

  /** A response of J1979 more often than not, then anything. */
  function noise(next: () => number, most: number): Buffer {
    const data = Buffer.from(Array.from({ length: Math.floor(next() * (most + 1)) }, () => Math.floor(next() * 256)))
    if (data.length > 0 && next() < 0.7) data[0] = [0x41, 0x43, 0x47, 0x4a][Math.floor(next() * 4)]!
    return data
  }

  test('N2 never throws, never yields a value out of range, never loses a reading', () => {
    for (let seed = 1; seed <= 20_000; seed++) {
      const next = random(seed)
      const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!
      const given: telemetry.RawFrame = {
        ...telemetry.RawFrame.create(),
        vehicleId: next() < 0.8 ? 'v1' : pick(ids),
        deviceTimeMs: next() < 0.8 ? now : pick(times),
        readings: Array.from({ length: Math.floor(next() * 8) }, () => ({
          name: pick(names),
          value: pick(values),
          unit: pick(units),
        })),
        dtcs: Array.from({ length: Math.floor(next() * 4) }, () => pick(codes)),
        hasDtcs: next() < 0.5,
        vssVersion: next() < 0.9 ? '' : pick(versions),
        obd: next() < 0.3 ? [noise(next, 12)] : [],
        can: next() < 0.3 ? [{ id: Math.floor(next() * 2 ** 29), extended: next() < 0.7, data: noise(next, 8) }] : [],
        faults: next() < 0.3 ? [{ ...telemetry.FaultReport.create(), code: pick(codes), occurrences: 1e9 }] : [],
      }
      const result = normaliseFrame(given, now, defaultFrameLimits)
      if (result.kind === 'refused') {
        expect(result.refusals.length).toBeGreaterThan(0)
        continue
      }
      const { readings } = result.frame
      for (const { path, value } of readings) {
        const { min, max } = signal(path)!
        if (!(value >= min && value <= max)) throw new Error(`seed ${seed}: ${path} is ${value}`)
      }
      if (given.obd.length > 0 || given.can.length > 0) continue
      const badDtcs = result.refusals.filter(({ code }) => code === 'BAD_DTC').length
      expect({ seed, sum: readings.length + result.refusals.length - badDtcs }).toEqual({
        seed,
        sum: given.readings.length,
      })
    }
  })
})
