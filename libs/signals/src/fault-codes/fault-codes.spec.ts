import { describe, expect, test } from '@jest/globals'
import { faultCode, faultCodes, isFaultCode, vehicleSystems } from '../index.ts'

describe('SAE J2012 codes', () => {
  test('N2 every code is well-formed, unique, and belongs to a system with an action for the driver', () => {
    expect(faultCodes.length).toBeGreaterThanOrEqual(300)
    expect(new Set(faultCodes.map(({ code }) => code)).size).toBe(faultCodes.length)
    for (const { code, system, meaning, likelyCauses, driverAction } of faultCodes) {
      expect(isFaultCode(code)).toBe(true)
      expect(vehicleSystems).toContain(system)
      expect(meaning).toMatch(/^[A-Z].*[^.]$/)
      expect(likelyCauses.length).toBeGreaterThan(0)
      expect(likelyCauses.every((cause) => cause === cause.trim() && cause !== '')).toBe(true)
      expect(driverAction).toMatch(/^[A-Z].*\.$/)
    }
  })

  test('N2 every system has codes of its own', () => {
    for (const system of vehicleSystems)
      expect(faultCodes.filter((entry) => entry.system === system).length).toBeGreaterThanOrEqual(5)
  })

  test('N2 runs of codes count in hex and name the right cylinder', () => {
    expect(faultCode('P0308')).toMatchObject({ meaning: 'Misfire, cylinder 8', system: 'IGNITION' })
    expect(faultCode('P0204')).toMatchObject({ meaning: 'Injector circuit, cylinder 4' })
    expect(faultCode('P0153')).toMatchObject({ meaning: 'Oxygen sensor slow, bank 2 sensor 1' })
  })

  test('N2 over-temperature is critical for cooling, and an unknown code is unknown', () => {
    expect(faultCode('P0217')).toMatchObject({ system: 'COOLING', severity: 'CRITICAL' })
    expect(faultCode('P1001')).toBeUndefined()
    expect(isFaultCode('P9ZZZ')).toBe(false)
  })
})
