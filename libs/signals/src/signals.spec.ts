import { describe, expect, test } from '@jest/globals'
import {
  carobdColumn,
  checkReading,
  convert,
  decodePid,
  faultCode,
  faultCodes,
  isFaultCode,
  obdPids,
  parseUnit,
  plausibleRate,
  signal,
  signals,
  vehicleSystems,
} from './index.ts'

const coolant = 'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature'

describe('catalogue', () => {
  test('N2 every signal has one path, a sane range and at least 40 of them are known', () => {
    expect(new Set(signals.map(({ path }) => path)).size).toBe(signals.length)
    expect(signals.length).toBeGreaterThanOrEqual(40)
    for (const { path, min, max } of signals) {
      expect(path).toMatch(/^Vehicle\./)
      expect(min).toBeLessThan(max)
    }
  })

  test('N2 spellings of VSS 4 and of the OBD overlay lead to the canonical signal', () => {
    expect(signal('Vehicle.OBD.CoolantTemperature')?.path).toBe(coolant)
    expect(signal('Vehicle.Powertrain.CombustionEngine.ECT')?.path).toBe(coolant)
    expect(signal('Vehicle.Nonsense')).toBeUndefined()
  })
})

describe('units', () => {
  test.each([
    [212, 'fahrenheit', 'celsius', 100],
    [0, 'celsius', 'kelvin', 273.15],
    [32, 'psi', 'kPa', 220.632],
    [2.3, 'bar', 'kPa', 230],
    [60, 'mph', 'km/h', 96.56064],
    [3, 'mi', 'm', 4828.032],
    [13_800, 'mV', 'V', 13.8],
    [0.5, 'ratio', 'percent', 50],
    [90, 'min', 'h', 1.5],
  ] as const)('N2 %d %s in %s is %d', (value, from, to, expected) => {
    expect(convert(value, from, to)).toBeCloseTo(expected, 3)
  })

  test('N2 a unit of another quantity does not convert', () => {
    expect(convert(1, 'V', 'km')).toBeUndefined()
  })

  test('N2 units are understood in the spellings that devices use', () => {
    expect(parseUnit('°C')).toBe('celsius')
    expect(parseUnit('KPH')).toBe('km/h')
    expect(parseUnit('%')).toBe('percent')
    expect(parseUnit('furlong')).toBeUndefined()
    expect(parseUnit('constructor')).toBeUndefined()
  })
})

describe('checkReading', () => {
  test('L1 normalises a path, an alias or a PID to the unit of the catalogue', () => {
    expect(checkReading(coolant, 90)).toEqual({ ok: true, path: coolant, value: 90 })
    const fromPid = checkReading('0105', 194, 'degF')
    expect(fromPid).toMatchObject({ ok: true, path: coolant })
    expect(fromPid.ok && fromPid.value).toBeCloseTo(90)
  })

  test.each([
    ['Vehicle.Nonsense', 1, '', 'UNKNOWN_SIGNAL'],
    [coolant, 90, 'furlong', 'UNKNOWN_UNIT'],
    [coolant, 90, 'V', 'INCOMPATIBLE_UNIT'],
    [coolant, Number.NaN, '', 'NOT_A_NUMBER'],
    [coolant, Number.POSITIVE_INFINITY, '', 'NOT_A_NUMBER'],
    [coolant, 900, '', 'OUT_OF_RANGE'],
  ])('L1 refuses %s = %d %s as %s', (path, value, unit, code) => {
    const checked = checkReading(path, value, unit)
    expect(checked).toMatchObject({ ok: false, code })
    expect(!checked.ok && checked.message).not.toBe('')
  })

  test('L1 a coolant that heats by 60 degrees in a second is not plausible', () => {
    expect(plausibleRate(coolant, 20, 80, 1)).toBe(false)
    expect(plausibleRate(coolant, 20, 24, 1)).toBe(true)
    expect(plausibleRate('Vehicle.Speed', 0, 200, 1)).toBe(true)
  })
})

describe('SAE J1979 mode 01', () => {
  test.each([
    [[0x41, 0x05, 0x7b], coolant, 83],
    [[0x41, 0x0c, 0x1a, 0xf8], 'Vehicle.Powertrain.CombustionEngine.Speed', 1726],
    [[0x41, 0x0d, 0x50], 'Vehicle.Speed', 80],
    [[0x41, 0x06, 0x80], 'Vehicle.OBD.ShortTermFuelTrim1', 0],
    [[0x41, 0x0e, 0x8a], 'Vehicle.OBD.TimingAdvance', 5],
    [[0x41, 0x10, 0x03, 0xe8], 'Vehicle.Powertrain.CombustionEngine.MAF', 10],
    [[0x41, 0x3c, 0x12, 0x34], 'Vehicle.OBD.Catalyst.Bank1.Temperature1', 426],
    [[0x41, 0x42, 0x35, 0xe8, 0xaa], 'Vehicle.LowVoltageBattery.CurrentVoltage', 13.8],
  ])('N2 %j is %s = %d', (bytes, path, value) => {
    const decoded = decodePid(Uint8Array.from(bytes))
    expect(decoded).toMatchObject({ ok: true, path })
    expect(decoded.ok && decoded.value).toBeCloseTo(value)
  })

  test('N2 what is no complete response is refused with a reason', () => {
    expect(decodePid([0x7f, 0x01, 0x12])).toMatchObject({ ok: false, code: 'NOT_MODE_01' })
    expect(decodePid([0x41, 0xfe, 0])).toMatchObject({ ok: false, code: 'UNKNOWN_PID' })
    expect(decodePid([0x41, 0x0c, 0x1a])).toMatchObject({ ok: false, code: 'TRUNCATED' })
    expect(decodePid([])).toMatchObject({ ok: false, code: 'NOT_MODE_01' })
  })

  test('N2 every PID belongs to a signal of the catalogue, in a unit that converts to its own, and decodes zero into its range', () => {
    for (const { pid, path, unit } of obdPids) {
      const decoded = decodePid([0x41, pid, 0, 0])
      expect(decoded).toMatchObject({ ok: true, path, unit })
      expect(checkReading(path, decoded.ok ? decoded.value : Number.NaN, unit)).toMatchObject({ ok: true })
    }
  })
})

describe('carOBD columns', () => {
  test('N2 a header is understood whatever its spacing, case and bracket', () => {
    expect(carobdColumn('COOLANT_TEMPERATURE ()')).toEqual({ path: coolant, unit: 'celsius' })
    expect(carobdColumn(' engine_run_tine (s)\r')).toEqual({ path: 'Vehicle.OBD.RunTime', unit: 's' })
    expect(carobdColumn('MOOD ()')).toBeUndefined()
  })
})

describe('SAE J2012 codes', () => {
  test('N2 every code is well-formed, unique, and belongs to a system with an action for the driver', () => {
    expect(faultCodes.length).toBeGreaterThanOrEqual(40)
    expect(new Set(faultCodes.map(({ code }) => code)).size).toBe(faultCodes.length)
    for (const { code, system, likelyCauses, driverAction } of faultCodes) {
      expect(isFaultCode(code)).toBe(true)
      expect(vehicleSystems).toContain(system)
      expect(likelyCauses.length).toBeGreaterThan(0)
      expect(driverAction).not.toBe('')
    }
  })

  test('N2 over-temperature is critical for cooling, and an unknown code is unknown', () => {
    expect(faultCode('P0217')).toMatchObject({ system: 'COOLING', severity: 'CRITICAL' })
    expect(faultCode('P9999')).toBeUndefined()
    expect(isFaultCode('P9ZZZ')).toBe(false)
  })
})
