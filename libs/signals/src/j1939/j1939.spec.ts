import { describe, expect, test } from '@jest/globals'
import {
  decodeJ1939,
  decodeJ1939Json,
  faultCode,
  faultSpns,
  fmis,
  isFaultCode,
  pgns,
  readingsOfRaw,
  signal,
  vehicleSystems,
  type CanFrame,
} from '../index.ts'

const engine = 'Vehicle.Powertrain.CombustionEngine'
const bytes = (hex: string) => Uint8Array.from(hex.split(' '), (two) => Number.parseInt(two, 16))
const frame = (id: number, hex: string): CanFrame => ({ id, extended: true, data: bytes(hex) })
const listen = (...can: CanFrame[]) => readingsOfRaw({ obd: [], can })

describe('SAE J1939-71 parameter groups', () => {
  test.each([
    [0x0cf00400, 'F0 7D 7D 68 13 00 FF FF', `${engine}.Speed`, 621],
    [0x18feee00, '5A FF FF FF FF FF FF FF', `${engine}.EngineCoolant.Temperature`, 50],
    [0x18feee00, 'FF FF 20 2E FF FF FF FF', `${engine}.EngineOil.Temperature`, 96],
    [0x18feef00, 'FF FF FF 64 FF FF FF FF', `${engine}.EOP`, 400],
    [0x18fef700, 'FF FF FF FF 1C 02 FF FF', 'Vehicle.LowVoltageBattery.CurrentVoltage', 27],
    [0x18fef100, 'FF 00 50 FF FF FF FF FF', 'Vehicle.Speed', 80],
    [0x18fee500, '40 0D 03 00 FF FF FF FF', `${engine}.EngineHours`, 10_000],
    [0x18fec1ee, '40 0D 03 00 FF FF FF FF', 'Vehicle.TraveledDistance', 1_000_000],
    [0x18fdb200, 'FF FF FF FF 32 00 FF FF', `${engine}.DieselParticulateFilter.DeltaPressure`, 5_000],
    [0x18feac0b, '64 FF FF FF FF FF FF FF', 'Vehicle.Chassis.Axle.Row1.Wheel.Left.Brake.PadWear', 60],
    [0x18fef433, '00 C8 20 2A FF FF FF FF', 'Vehicle.Chassis.Axle.Row1.Wheel.Left.Tire.Pressure', 800],
    [0x18fe6cee, 'FF FF FF FF FF FF 00 50', 'Vehicle.Speed', 80],
  ])('N2 %s %s is %s = %d', (id, hex, path, value) => {
    expect(decodeJ1939(id, bytes(hex)).readings.length).toBeGreaterThan(0)
    expect(listen(frame(id, hex)).readings.find((reading) => reading.path === path)?.value).toBeCloseTo(value)
  })

  test('N2 what is not available, an error or cut short yields nothing, and a PGN that nobody reads is no news', () => {
    expect(decodeJ1939(0x18feee00, bytes('FE FF FE FF FF FF FF FF')).readings).toEqual([])
    expect(decodeJ1939(0x18feee00, bytes('FB')).readings).toEqual([])
    expect(listen(frame(0x18feeb00, '00 00 00 00 00 00 00 00'))).toMatchObject({ readings: [], refusals: [] })
  })

  test('N2 of twin tyres the outer one stands for the wheel; a position that could be either side is left out', () => {
    const wheel = (location: string) =>
      decodeJ1939(0x18fef433, bytes(`${location} C8 FF FF FF FF FF FF`)).readings.map(({ path }) => path.slice(21, 36))
    expect(wheel('13')).toEqual(['Row2.Wheel.Righ'])
    expect(wheel('11')).toEqual([])
    expect(wheel('FF')).toEqual([])
  })

  test('N2 every SPN belongs to a signal, in a unit that converts, and fits into the eight bytes of its group', () => {
    expect(new Set(pgns.map(({ pgn }) => pgn)).size).toBe(pgns.length)
    for (const { pgn, spns } of pgns)
      for (const { path, byte, length, scale, offset, unit } of spns) {
        expect({ pgn, path, known: signal(path) !== undefined }).toEqual({ pgn, path, known: true })
        expect(byte + length - 1).toBeLessThanOrEqual(8)
        expect(scale).not.toBe(0)
        expect(Number.isFinite(offset) && unit.length > 0).toBe(true)
      }
  })
})

describe('SAE J1939-73 DM1', () => {
  test('N2 SPN, FMI, occurrence count and the most serious lamp are read', () => {
    expect(listen(frame(0x18feca00, '14 FF 6E 00 00 05 FF FF'))).toMatchObject({
      faults: [{ code: 'SPN110-FMI0', status: 'CONFIRMED', lamp: 'RED_STOP', occurrences: 5 }],
      hasDtcs: true,
    })
    const lamps = ['40', '10', '04', '01', '00'].map(
      (lamp) => listen(frame(0x18feca00, `${lamp} FF 6E 00 00 7F FF FF`)).faults[0]!,
    )
    expect(lamps.map(({ lamp }) => lamp)).toEqual(['MALFUNCTION', 'RED_STOP', 'AMBER_WARNING', 'PROTECT', 'NONE'])
    expect(lamps[0]!.occurrences).toBe(0)
    // 19 bits of SPN: 520192 + 1 is 7F 001.
    expect(listen(frame(0x18feca00, '04 FF 01 F0 EC 01 FF FF')).faults).toMatchObject([{ code: 'SPN520193-FMI12' }])
  })

  test('N2 no code, and "not available", are an empty list', () => {
    for (const hex of ['00 FF 00 00 00 00 FF FF', '00 00 FF FF FF FF FF FF'])
      expect(listen(frame(0x18feca00, hex))).toMatchObject({ faults: [], refusals: [], hasDtcs: true })
    expect(listen(frame(0x18feca00, '00 FF'))).toMatchObject({ hasDtcs: false, refusals: [{ code: 'TRUNCATED' }] })
  })

  test('N2 an SPN that was packed in an old way comes out where only one way makes sense, and is refused otherwise', () => {
    // Version 1 of SPN 1761: 1761 = 0b0_0000_0000_1101_1100_001, high bits first.
    const spn = 1761
    const old = [spn >> 11, (spn >> 3) & 0xff, ((spn & 7) << 5) | 1, 0x82].map((byte) => byte.toString(16)).join(' ')
    expect(listen(frame(0x18feca00, `04 FF ${old} FF FF`)).faults).toMatchObject([{ code: 'SPN1761-FMI1' }])
    expect(listen(frame(0x18feca00, '04 FF 11 22 33 82 FF FF'))).toMatchObject({
      faults: [],
      refusals: [{ code: 'UNKNOWN_CONVERSION' }],
    })
  })

  const announce = (source: number, size: number, packets: number) =>
    frame(0x18ecff00 | source, `20 ${size.toString(16)} 00 ${packets.toString(16)} FF CA FE 00`)
  const packet = (source: number, hex: string) => frame(0x18ebff00 | source, hex)
  const engineDm1 = [announce(0, 14, 2), packet(0, '01 04 FF 6E 00 00 05 64'), packet(0, '02 00 01 02 5E 00 12 03')]
  const gearDm1 = [announce(3, 10, 2), packet(3, '01 04 FF B1 00 00 01 7F'), packet(3, '02 00 12 01 FF FF FF FF')]

  test('N2 three codes come in one message of several packets, from two senders at once, packets twice', () => {
    const [a, b, c] = engineDm1 as [CanFrame, CanFrame, CanFrame]
    const [x, y, z] = gearDm1 as [CanFrame, CanFrame, CanFrame]
    const { faults, refusals } = listen(a, x, b, y, b, z, c, c)
    expect(refusals.map(({ message }) => message)).toEqual([
      'packets came without their announcement: expected a whole message of SAE J1939-21',
    ])
    expect(faults.map(({ code }) => code)).toEqual([
      ...['SPN177-FMI0', 'SPN127-FMI18'],
      ...['SPN110-FMI0', 'SPN100-FMI1', 'SPN94-FMI18'],
    ])
  })

  test('N2 a lost packet, an announcement that is replaced and one that cannot be are refusals, never codes', () => {
    const [a, b] = engineDm1 as [CanFrame, CanFrame]
    expect(listen(a, b)).toMatchObject({ faults: [], hasDtcs: false, refusals: [{ code: 'INCOMPLETE_TRANSFER' }] })
    expect(listen(a, b, ...engineDm1)).toMatchObject({ faults: [{}, {}, {}], refusals: [{}] })
    expect(listen(announce(0, 14, 9)).refusals).toMatchObject([{ message: expect.stringContaining('9 packets') }])
    const vin = frame(0x18ecff00, '20 11 00 03 FF EC FE 00')
    expect(listen(vin, packet(0, '01 31 31 31 31 31 31 31'))).toMatchObject({ refusals: [] })
  })
})

describe('J1939 codes as text', () => {
  test('N2 SPN and FMI together say the system, the meaning and what to do', () => {
    expect(isFaultCode('SPN110-FMI0')).toBe(true)
    expect(faultCode('SPN110-FMI0')).toMatchObject({ system: 'COOLING', severity: 'CRITICAL' })
    expect(faultCode('SPN110-FMI1')).toMatchObject({ severity: 'MEDIUM' })
    expect(faultCode('SPN110-FMI16')).toMatchObject({ severity: 'HIGH' })
    expect(faultCode('SPN100-FMI1')).toMatchObject({ system: 'LUBRICATION', severity: 'CRITICAL' })
    expect(faultCode('SPN110-FMI3')).toMatchObject({
      severity: 'MEDIUM',
      likelyCauses: ['wiring or connector', expect.any(String)],
    })
    expect(faultCode('SPN520193-FMI3')).toBeUndefined()
  })

  test('N2 what is out of bounds or written otherwise is no code', () => {
    for (const text of [
      'SPN0-FMI1',
      'SPN524288-FMI0',
      'SPN110-FMI32',
      'SPN0110-FMI0',
      'spn110-fmi0',
      'SPN110',
      'SPN110-FMI',
    ])
      expect({ text, code: isFaultCode(text) }).toEqual({ text, code: false })
  })

  test('N2 every pair of the tables is a whole entry', () => {
    expect(faultSpns.length).toBeGreaterThanOrEqual(60)
    expect(fmis.length).toBeGreaterThanOrEqual(22)
    for (const { spn, system } of faultSpns) {
      expect(vehicleSystems).toContain(system)
      for (const { fmi } of fmis) {
        const entry = faultCode(`SPN${spn}-FMI${fmi}`)!
        expect(entry.likelyCauses.length).toBeGreaterThan(0)
        expect(entry.driverAction).not.toBe('')
      }
    }
  })
})

describe('J1939 as decoded JSON', () => {
  test('N2 values are in the unit of their SPN, codes carry lamp and count', () => {
    const message = {
      pgn: 65262,
      spns: [
        { spn: 110, value: 91 },
        { spn: 99_999, value: 1 },
        { spn: 175, value: null },
      ],
      dm1: [{ spn: 110, fmi: 0, oc: 3 }],
      lamps: { amber: true, red: 1 },
    }
    expect(decodeJ1939Json(message)).toEqual({
      readings: [{ path: `${engine}.EngineCoolant.Temperature`, value: 91, unit: 'celsius' }],
      faults: [{ code: 'SPN110-FMI0', status: 'CONFIRMED', lamp: 'RED_STOP', occurrences: 3 }],
      refusals: [],
      hasDtcs: true,
    })
    expect(decodeJ1939Json({ pgn: 65226, dm1: [] })).toMatchObject({ faults: [], hasDtcs: true })
    expect(decodeJ1939Json({ pgn: 65262, spns: [], dm1: [] })).toMatchObject({ hasDtcs: false })
    expect(decodeJ1939Json({ spns: [{ spn: 1099, value: 40 }] }).readings).toMatchObject([{ value: 60 }])
  })

  test('N2 what is not of this form is refused with a reason', () => {
    const codes = (message: unknown) => decodeJ1939Json(message).refusals.map(({ code }) => code)
    expect(codes(null)).toEqual(['NOT_J1939_JSON'])
    expect(codes({ spns: 1, dm1: {} })).toEqual(['NOT_J1939_JSON', 'NOT_J1939_JSON'])
    expect(codes({ pgn: 1, spns: [{ spn: 110, value: 1 }] })).toEqual(['WRONG_PGN'])
    expect(codes({ spns: [{ spn: 110, value: '1' }, { spn: 'x' }, 5] })).toEqual([
      ...['NOT_A_NUMBER', 'NOT_J1939_JSON', 'NOT_J1939_JSON'],
    ])
    expect(codes({ dm1: [{ spn: 0, fmi: 1 }, { spn: 110, fmi: 32 }, {}] })).toEqual(['BAD_DTC', 'BAD_DTC', 'BAD_DTC'])
  })
})
