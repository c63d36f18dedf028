import { describe, expect, test } from '@jest/globals'
import {
  carobdColumn,
  checkReading,
  convert,
  parseUnit,
  plausibleRate,
  resolveSignal,
  signal,
  signals,
} from './index.ts'

const coolant = 'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature'

describe('catalogue', () => {
  test('N2 every signal has one path and a sane range, and 80 and more of them are of VSS itself', () => {
    expect(new Set(signals.map(({ path }) => path)).size).toBe(signals.length)
    const core = signals.filter(({ path }) => !/^Vehicle\.(OBD|Overlay)\./.test(path))
    expect(core.length).toBeGreaterThanOrEqual(80)
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

describe('versions of VSS', () => {
  test('N2 a path is resolved in the unit that its version gives it', () => {
    const unitOf = (version: string) => {
      const resolved = resolveSignal('Vehicle.TraveledDistance', version)
      return resolved.ok ? resolved.unit : resolved.code
    }
    expect(['4.2', '5.0', 'v5.1', '5.1.0', '6.0', ''].map(unitOf)).toEqual(['km', 'km', 'km', 'km', 'm', 'm'])
    expect(resolveSignal('Vehicle.Powertrain.CombustionEngine.ECT', '4.2')).toMatchObject({ signal: { path: coolant } })
  })

  test('N2 a version that is not read is refused, for paths that are known and for a reading', () => {
    for (const version of ['3.1', '7.0', '6', 'latest', '__proto__'])
      expect(resolveSignal('Vehicle.Speed', version)).toMatchObject({ ok: false, code: 'UNKNOWN_VSS_VERSION' })
    expect(checkReading('Vehicle.Speed', 1, '', '3.1')).toMatchObject({ ok: false, code: 'UNKNOWN_VSS_VERSION' })
    expect(resolveSignal('Vehicle.Mood', '5.1')).toMatchObject({ ok: false, code: 'UNKNOWN_SIGNAL' })
  })

  test('N2 a bare odometer is kilometres before 6.0 and metres since; its own unit counts where it has one', () => {
    const metres = (unit: string, version: string) => checkReading('Vehicle.TraveledDistance', 12.5, unit, version)
    expect(metres('', '5.1')).toMatchObject({ value: 12_500 })
    expect(metres('', '6.0')).toMatchObject({ value: 12.5 })
    expect(metres('m', '4.2')).toMatchObject({ value: 12.5 })
    expect(metres('km', '6.0')).toMatchObject({ value: 12_500 })
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
    [518.67, 'rankine', 'celsius', 15],
    [14.62, 'psi', 'kPa', 100.8013],
    [1, 'lb/s', 'kg/h', 1632.9325],
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

describe('carOBD columns', () => {
  test('N2 a header is understood whatever its spacing, case and bracket', () => {
    expect(carobdColumn('COOLANT_TEMPERATURE ()')).toEqual({ path: coolant, unit: 'celsius' })
    expect(carobdColumn(' engine_run_tine (s)\r')).toEqual({ path: 'Vehicle.OBD.RunTime', unit: 's' })
    expect(carobdColumn('MOOD ()')).toBeUndefined()
  })
})
