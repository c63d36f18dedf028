import { expect, test } from '@jest/globals'
import { faults } from '../faults/index.ts'
import { trueFaultOf } from './true-faults.ts'

test('L12 a mechanic has a finding for every fault that can be injected', () => {
  for (const { name } of faults)
    expect(trueFaultOf(name, 1234.5)).toMatchObject({ odometerKm: 1235, component: expect.any(String) })
  expect(trueFaultOf('toString', 0)).toBeUndefined()
})
