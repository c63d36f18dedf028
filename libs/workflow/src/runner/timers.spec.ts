import { expect, test } from '@jest/globals'
import { ManualClock } from '../testing/manual-clock.ts'
import { Random } from '../testing/random.ts'
import { Timers } from './timers.ts'

test('timers wake in the order in which they are due, each once, however they were added', () => {
  const random = new Random(7)
  const clock = new ManualClock(0)
  const woken: number[] = []
  const timers = new Timers(clock, ({ due }) => {
    expect(clock.now()).toBe(due)
    woken.push(due)
  })
  const dues = Array.from({ length: 500 }, () => random.below(1_000))
  dues.forEach((due, i) => timers.add(`w${i}`, 'node', due))
  clock.moveTo(499)
  dues.slice(0, 50).forEach((due, i) => timers.add(`again${i}`, 'node', 500 + due))
  clock.moveTo(2_000)
  const expected = [...dues, ...dues.slice(0, 50).map((due) => 500 + due)].sort((a, b) => a - b)
  expect(woken).toEqual(expected)
})

test('timers that were stopped stay silent', () => {
  const clock = new ManualClock(0)
  const timers = new Timers(clock, () => {
    throw new Error('woken')
  })
  timers.add('w', 'node', 10)
  timers.stop()
  clock.moveTo(20)
  expect(clock.next).toBeUndefined()
})
