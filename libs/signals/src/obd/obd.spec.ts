import { describe, expect, test } from '@jest/globals'
import { checkReading, decodeObd, decodeObdText, obdPids, parseObdText, pathOfPid, readingsOfRaw } from '../index.ts'
import { compoundPids } from './compound-pids.ts'

const engine = 'Vehicle.Powertrain.CombustionEngine'
const coolant = `${engine}.EngineCoolant.Temperature`
const bytes = (hex: string) => Uint8Array.from(hex.split(' '), (two) => Number.parseInt(two, 16))
const codes = (hex: string, countByte?: boolean) =>
  decodeObd(bytes(hex), countByte === undefined ? {} : { countByte }).faults.map(
    ({ code, status }) => `${code} ${status}`,
  )
const refusals = (hex: string) => decodeObd(bytes(hex)).refusals.map(({ code }) => code)

describe('SAE J1979 service 01', () => {
  test.each([
    ['41 05 7B', coolant, 83],
    ['41 0C 1A F8', `${engine}.Speed`, 1726],
    ['41 0D 50', 'Vehicle.Speed', 80],
    ['41 06 80', 'Vehicle.OBD.ShortTermFuelTrim1', 0],
    ['41 0E 8A', 'Vehicle.OBD.TimingAdvance', 5],
    ['41 10 03 E8', `${engine}.MAF`, 10],
    ['41 3C 12 34', 'Vehicle.OBD.Catalyst.Bank1.Temperature1', 426],
    ['41 42 35 E8 AA', 'Vehicle.LowVoltageBattery.CurrentVoltage', 13.8],
    ['41 32 FF FC', 'Vehicle.OBD.EVAPVaporPressure', -1],
    ['41 A6 00 01 86 A0', 'Vehicle.TraveledDistance', 10_000_000],
    ['41 67 01 7B 00', coolant, 83],
    ['41 34 80 00 80 00', 'Vehicle.OBD.O2WR.Sensor1.Lambda', 1],
  ])('N2 %s is %s = %d', (hex, path, value) => {
    const { readings, refusals: none } = readingsOfRaw({ obd: [bytes(hex)], can: [] })
    expect(none).toEqual([])
    expect(readings.find((reading) => reading.path === path)?.value).toBeCloseTo(value)
  })

  test('N2 several PIDs in one response are read one after the other, padding is not', () => {
    const { readings } = decodeObd(bytes('41 05 7B 0C 1A F8 0D 50 00 00'))
    expect(readings.map(({ path, value }) => [path, value])).toEqual([
      [coolant, 83],
      [`${engine}.Speed`, 1726],
      ['Vehicle.Speed', 80],
    ])
  })

  test('N2 PID 01 tells the lamp and the number of codes', () => {
    expect(decodeObd(bytes('41 01 83 07 65 04')).readings).toMatchObject([
      { path: 'Vehicle.OBD.Status.IsMILOn', value: 1 },
      { path: 'Vehicle.OBD.Status.DTCCount', value: 3 },
    ])
  })

  test('N2 an oxygen sensor that is not used for the trim has none', () => {
    const paths = (hex: string) => decodeObd(bytes(hex)).readings.map(({ path }) => path.split('.').at(-1))
    expect(paths('41 14 5A 80')).toEqual(['Voltage', 'ShortTermFuelTrim'])
    expect(paths('41 14 5A FF')).toEqual(['Voltage'])
  })

  test('N2 what is no complete response is refused with a reason, and what came before it stands', () => {
    expect(refusals('41 FE 00')).toEqual(['UNKNOWN_PID'])
    expect(refusals('41 0C 1A')).toEqual(['TRUNCATED'])
    expect(refusals('41')).toEqual(['TRUNCATED'])
    expect(refusals('49 02 01')).toEqual(['UNSUPPORTED_SERVICE'])
    expect(decodeObd(new Uint8Array()).refusals).toMatchObject([{ code: 'EMPTY_RESPONSE' }])
    expect(decodeObd(bytes('41 05 7B 0C 1A'))).toMatchObject({ readings: [{ path: coolant }], refusals: [{}] })
  })

  test('N2 a negative response says which service was refused and why; "pending" is none', () => {
    expect(decodeObd(bytes('7F 01 12')).refusals).toMatchObject([
      { code: 'NEGATIVE_RESPONSE', message: expect.stringContaining('sub-function not supported') },
    ])
    expect(refusals('7F 03 78')).toEqual([])
  })

  test('N2 every PID belongs to a signal of the catalogue, and its lowest and highest bytes decode into its range', () => {
    for (const fill of [0, 0xff])
      for (const { pid, length } of [...obdPids, ...compoundPids]) {
        const response = Uint8Array.from([0x41, pid, ...new Array<number>(length).fill(fill)])
        for (const { path, value, unit } of decodeObd(response).readings) {
          const checked = checkReading(path, value, unit)
          if (!checked.ok && !physicallyImpossible.has(path)) throw new Error(`PID ${pid}: ${checked.message}`)
        }
      }
    expect(pathOfPid('010c')).toBe(pathOfPid('010C'))
  })
})

/** Their encoding reaches further than the thing that is measured, and only such a value is refused. */
const physicallyImpossible = new Set([
  coolant,
  `${engine}.Speed`,
  `${engine}.EngineOil.Temperature`,
  `${engine}.MAF`,
  'Vehicle.Exterior.AirTemperature',
  'Vehicle.LowVoltageBattery.CurrentVoltage',
  'Vehicle.TraveledDistance',
  'Vehicle.OBD.Catalyst.Bank1.Temperature1',
  'Vehicle.OBD.Catalyst.Bank1.Temperature2',
  'Vehicle.OBD.Catalyst.Bank2.Temperature1',
  'Vehicle.OBD.Catalyst.Bank2.Temperature2',
])

describe('SAE J1979 services 03, 07 and 0A', () => {
  test('N2 codes come with and without the count of ISO 15765-4, padded and empty', () => {
    expect(codes('43 02 01 33 C1 00')).toEqual(['P0133 CONFIRMED', 'U0100 CONFIRMED'])
    expect(codes('43 01 33 00 00 00 00')).toEqual(['P0133 CONFIRMED'])
    expect(codes('43 01 33 42 17 80 01')).toEqual(['P0133 CONFIRMED', 'C0217 CONFIRMED', 'B0001 CONFIRMED'])
    expect(codes('43 01 01 33 AA AA AA', true)).toEqual(['P0133 CONFIRMED'])
    expect(codes('43 00')).toEqual([])
    expect(codes('47 01 01 71')).toEqual(['P0171 PENDING'])
    expect(codes('4A 01 04 20')).toEqual(['P0420 PERMANENT'])
  })

  test('N2 only confirmed codes are the list of what is active', () => {
    expect(['43 00', '47 00', '4A 00', '41 05 7B'].map((hex) => decodeObd(bytes(hex)).hasDtcs)).toEqual([
      true,
      false,
      false,
      false,
    ])
  })

  test('N2 a list that is cut short is refused as a whole', () => {
    expect(decodeObd(bytes('43 03 01 33'))).toMatchObject({
      faults: [],
      hasDtcs: false,
      refusals: [{ code: 'TRUNCATED' }],
    })
    expect(refusals('43')).toEqual(['TRUNCATED'])
  })
})

describe('logger text', () => {
  const hexOf = (text: string) =>
    parseObdText(text).responses.map(({ bytes: found }) => Buffer.from(found).toString('hex').toUpperCase())

  test.each([
    ['41 05 7B', '41057B'],
    ['41057B', '41057B'],
    ['7E8 03 41 05 7B', '41057B'],
    ['7E80341057B', '41057B'],
    ['18 DA F1 10 03 41 05 7B', '41057B'],
    ['18DAF1100341057B', '41057B'],
    ['48 6B 10 41 05 7B 84', '41057B'],
    ['83 F1 11 41 05 7B 46', '41057B'],
    ['>41 05 7B\r\r>', '41057B'],
    ['>0105 41 05 7B', '41057B'],
    ['01054105 7B', '41057B'],
    ['SEARCHING...41 05 7B', '41057B'],
    ['03 43 01 33 00 00 00 00', '43013300000000'],
    ['ATZ\r\rELM327 v1.5\r\r>0105\rSEARCHING...\r41 05 7B\r\r>', '41057B'],
    ['00A\r0: 43 04 01 33 01 71\r1: 02 17 04 20 00 00 00', '43040133017102170420'],
    ['7E8 10 0A 43 04 01 33 01 71\n7E8 21 02 17 04 20 00 00 00', '43040133017102170420'],
  ])('N2 %j holds the response %s', (text, hex) => {
    expect(parseObdText(text)).toMatchObject({ errors: [] })
    expect(hexOf(text)).toEqual([hex])
  })

  test('N2 two ECUs that answer at once are put together each by itself', () => {
    const text = '7E8 10 08 43 03 01 33 01 71\n7E9 10 08 43 03 07 00 07 30\n7E8 21 02 17\n7E9 21 07 41'
    expect(decodeObdText(text).faults.map(({ code }) => code)).toEqual([
      ...['P0133', 'P0171', 'P0217'],
      ...['P0700', 'P0730', 'P0741'],
    ])
  })

  test('N2 what is no response is an error with its line', () => {
    const { errors } = parseObdText(
      'NO DATA\nhello\n48 6B 10 41 05 7B 00\nCAN ERROR\n7E8 10 0A 43 04 01 33 01 71\n1: 02 17',
    )
    expect(errors.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '1 NO_DATA',
      '2 NOT_OBD',
      '3 BAD_CHECKSUM',
      '4 BUS_ERROR',
      '6 INCOMPLETE_TRANSFER',
      '6 INCOMPLETE_TRANSFER',
    ])
  })
})
