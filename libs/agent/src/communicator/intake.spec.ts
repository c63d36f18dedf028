import { describe, expect, test } from '@jest/globals'
import { manualClock } from '@pitcrew/testing'
import type { TaskPriority } from '@pitcrew/messaging'
import { Intake } from './intake.ts'

function busyIntake(slots = 1) {
  const clock = manualClock()
  const intake = new Intake(slots, clock.now)
  const begun: string[] = []
  const ends: (() => void)[] = []
  const come = (name: string, priority: TaskPriority) =>
    intake.run(priority, () => {
      begun.push(name)
      const { promise, resolve } = Promise.withResolvers<void>()
      ends.push(resolve)
      return promise
    })
  /** Of the one that has run longest, when it has begun. */
  const end = async () => {
    await clock.advance(0)
    ends.shift()!()
    await clock.advance(0)
  }
  return { clock, intake, begun, come, end }
}

describe('the intake', () => {
  test('L9 F5 takes the most urgent that waits, and of those the one that came first', async () => {
    const { begun, come, end } = busyIntake()
    const runs = [come('running', 4), come('d', 4), come('c', 3), come('a1', 1), come('b', 2), come('a2', 1)]
    for (let n = 0; n < 6; n++) await end()
    await Promise.all(runs)
    expect(begun).toEqual(['running', 'a1', 'a2', 'b', 'c', 'd'])
  })

  test('L9 F5 lets nobody starve: who has waited long goes before what is urgent and new', async () => {
    const { clock, begun, come, end } = busyIntake()
    const runs = [come('running', 1), come('routine', 4)]
    await clock.advance(5_000)
    runs.push(come('urgent', 1))
    await clock.advance(2_000)
    runs.push(come('urgent later', 1))
    for (let n = 0; n < 4; n++) await end()
    await Promise.all(runs)
    expect(begun).toEqual(['running', 'urgent', 'routine', 'urgent later'])
  })

  test('F5 handles so many at once and no more, and goes on after one that failed', async () => {
    const { begun, come, end, intake, clock } = busyIntake(2)
    const runs = [come('a', 1), come('b', 1), come('c', 1)]
    const failing = intake.run(1, () => Promise.reject(new RangeError('odd')))
    const last = come('d', 1)
    await clock.advance(0)
    expect(begun).toEqual(['a', 'b'])
    expect(intake.waiting).toBe(3)
    await end()
    await end()
    await expect(failing).rejects.toThrow('odd')
    await end()
    await end()
    await Promise.all([...runs, last])
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
  })
})
