import { expect, test } from '@jest/globals'
import { analyse } from './analyse.ts'
import { currentFindings } from './current-findings.ts'
import { generatedDrive } from './measurement/generated-drive.ts'
import { hazardIn30Days, systemHealth } from './system-health.ts'
import { createVehicleState } from './vehicle-state.ts'

test('L3 health follows from the state alone: what spoke at the last frame, and the systems that are silent', () => {
  const state = createVehicleState('v1')
  let last: unknown
  for (const frame of generatedDrive(0, 10)) last = analyse(state, { ...frame, dtcs: ['P0301'] }).findings
  expect(currentFindings(state)).toEqual(last)
  const health = new Map(systemHealth(state).map(({ system, assessment }) => [system, hazardIn30Days(assessment)]))
  expect(health.get('IGNITION')).toBeGreaterThan(0.5)
  expect(health.get('COOLING')).toBe(0)
  expect(health.has('BRAKES')).toBe(false)
})
