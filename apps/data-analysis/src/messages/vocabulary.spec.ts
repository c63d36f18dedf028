import { expect, test } from '@jest/globals'
import { vehicle } from '@pitcrew/contracts'
import { vehicleSystems } from '@pitcrew/signals'
import { urgencies } from '../domain/index.ts'
import { systemMessage, systemOf, urgencyMessage } from './vocabulary.ts'

test('L3 every system and urgency has a word of its own in the contracts, and systems come back', () => {
  for (const system of vehicleSystems) expect(systemOf(systemMessage(system))).toBe(system)
  expect(new Set(urgencies.map(urgencyMessage)).size).toBe(urgencies.length)
  const unspecified = vehicle.VehicleSystem.UNSPECIFIED
  expect(() => systemOf(unspecified)).toThrow(expect.objectContaining({ kind: 'terminal', code: 'BAD_SYSTEM' }))
})
