import { describe, expect, test } from '@jest/globals'
import { ManualClock } from '../testing/manual-clock.ts'
import { Random } from '../testing/random.ts'
import { Timers } from './timers.ts'

function watched(clock: ManualClock): { timers: Timers; woken: { id: string; at: number }[] } {
  const woken: { id: string; at: number }[] = []
  return { timers: new Timers(clock, (id) => woken.push({ id, at: clock.now() })), woken }
}

describe('timers', () => {
  test('T1 wake each workflow at the earliest time asked for, however they were added', () => {
    const random = new Random(7)
    const clock = new ManualClock(0)
    const { timers, woken } = watched(clock)
    const expected = new Map<string, number>()
    for (let i = 0; i < 2_000; i++) {
      const id = `w${random.below(500)}`
      const due = random.below(1_000)
      timers.by(id, due)
      expected.set(id, Math.min(due, expected.get(id) ?? Infinity))
    }
    clock.moveTo(1_000)
    expect(woken.map(({ at }) => at)).toEqual([...expected.values()].sort((a, b) => a - b))
    for (const { id, at } of woken) expect(at).toBe(expected.get(id))
  })

  test('T1 can be put off, brought forward and forgotten', () => {
    const clock = new ManualClock(0)
    const { timers, woken } = watched(clock)
    timers.by('later', 10)
    timers.exactly('later', 50)
    timers.by('sooner', 60)
    timers.by('sooner', 20)
    timers.by('never', 30)
    timers.exactly('never', null)
    clock.moveTo(100)
    expect(woken).toEqual([
      { id: 'sooner', at: 20 },
      { id: 'later', at: 50 },
    ])
  })

  test('T2 hold no more than twice what is armed, however many have come and gone', () => {
    const clock = new ManualClock(0)
    const { timers, woken } = watched(clock)
    for (let i = 0; i < 100; i++) timers.by(`stays${i}`, 5_000_000 + i)
    for (let i = 0; i < 50_000; i++) {
      timers.by(`goes${i}`, 1_000_000 + i)
      timers.forget(`goes${i}`)
    }
    expect(timers.size.armed).toBe(100)
    expect(timers.size.held).toBeLessThan(8_192)
    clock.moveTo(6_000_000)
    expect(woken.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, i) => `stays${i}`))
  })

  test('T3 wake in turns when many are due at once, so that others get a word in', () => {
    const clock = new ManualClock(0)
    const turns: number[] = []
    let woken = 0
    const timers = new Timers(clock, () => woken++)
    for (let i = 0; i < 10_000; i++) timers.by(`w${i}`, 500)
    const { wakeAt } = clock
    clock.wakeAt = (at, wake) =>
      wakeAt.call(clock, at, () => {
        const before = woken
        wake()
        turns.push(woken - before)
      })
    clock.moveTo(500)
    expect(woken).toBe(10_000)
    expect(Math.max(...turns)).toBeLessThanOrEqual(1_000)
  })

  test('that were stopped stay silent', () => {
    const clock = new ManualClock(0)
    const { timers, woken } = watched(clock)
    timers.by('w', 10)
    timers.stop()
    clock.moveTo(20)
    expect(woken).toEqual([])
    expect(clock.next).toBeUndefined()
  })
})
