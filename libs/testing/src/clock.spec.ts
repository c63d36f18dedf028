import { describe, expect, test } from '@jest/globals'
import { manualClock } from './clock.ts'

describe('the manual clock', () => {
  test('1 fires timers in the order of their times, those of one time as they were set', async () => {
    const clock = manualClock(0)
    const fired: string[] = []
    clock.after(20, () => void fired.push('late'))
    clock.after(10, () => void fired.push('first'))
    clock.after(10, () => void fired.push('second'))
    await clock.advance(15)
    expect(fired).toEqual(['first', 'second'])
    expect(clock.pending()).toBe(1)
    await clock.advance(5)
    expect(fired).toEqual(['first', 'second', 'late'])
  })

  test('2 lets what a timer set off go on before the next', async () => {
    const clock = manualClock(0)
    const seen: string[] = []
    void clock.sleep(10).then(async () => {
      await Promise.resolve()
      seen.push('woken')
    })
    clock.after(11, () => void seen.push('next'))
    await clock.advance(11)
    expect(seen).toEqual(['woken', 'next'])
  })

  test('3 is at the time of the timer inside it, so that repeating ones keep their pace', async () => {
    const clock = manualClock(1_000)
    const times: number[] = []
    const again = () => {
      times.push(clock.now())
      clock.after(100, again)
    }
    clock.after(100, again)
    await clock.advance(350)
    expect(times).toEqual([1_100, 1_200, 1_300])
    expect(clock.now()).toBe(1_350)
  })

  test('a cancelled timer never fires', async () => {
    const clock = manualClock(0)
    const cancel = clock.after(5, () => {
      throw new Error('fired')
    })
    cancel()
    await clock.advance(10)
    expect(clock.pending()).toBe(0)
  })
})
