import { expect, test } from '@jest/globals'
import { leastCanaryMs, rollBack, rollOut, slotOf, versionFor, type Rollout } from './rollout.ts'

const wish = (version: string, share: number, nowMs = 0, skipCanary = false) => ({ version, share, nowMs, skipCanary })
const stable: Rollout = { stable: { version: 'a', sinceMs: 0 }, before: null }

test('N3 a model serves a share of the vehicles first, then all, and one step back is always possible', () => {
  const canary = rollOut(stable, wish('b', 10, 5))
  expect(canary).toEqual({ ...stable, canary: { version: 'b', share: 10, sinceMs: 5 } })
  const wider = rollOut(canary, wish('b', 50, 9))
  expect(wider.canary).toEqual({ version: 'b', share: 50, sinceMs: 5 })
  expect(rollBack(wider, 10)).toEqual(stable)
  const promoted = rollOut(wider, wish('b', 100, 5 + leastCanaryMs))
  expect(promoted).toEqual({ stable: { version: 'b', sinceMs: 5 + leastCanaryMs }, before: 'a' })
  const back = rollBack(promoted, 7)
  expect(back).toEqual({ stable: { version: 'a', sinceMs: 7 } })
  expect(() => rollBack(back, 8)).toThrow(expect.objectContaining({ code: 'NOTHING_TO_ROLL_BACK' }))
})

test('N3 the first model of a name can be taken back to none', () => {
  const first = rollOut({}, wish('a', 100, 1, true))
  expect(rollBack(first, 2)).toEqual({})
})

test('N3 nothing serves everybody untried, and one is tried at a time', () => {
  const canary = rollOut(stable, wish('b', 10, 5))
  const codeOf = (run: () => unknown) => {
    try {
      run()
    } catch (thrown) {
      return (thrown as { code: string }).code
    }
    return 'nothing'
  }
  expect(codeOf(() => rollOut(stable, wish('b', 100)))).toBe('CANARY_FIRST')
  expect(codeOf(() => rollOut(canary, wish('b', 100, 4 + leastCanaryMs)))).toBe('CANARY_FIRST')
  expect(codeOf(() => rollOut(canary, wish('c', 10)))).toBe('CANARY_RUNS')
  expect(codeOf(() => rollOut(stable, wish('a', 10)))).toBe('ALREADY_STABLE')
  for (const share of [0, -1, 101, Number.NaN])
    expect(codeOf(() => rollOut(stable, wish('b', share)))).toBe('BAD_SHARE')
})

test('N3 a share that grows keeps its vehicles, and is about as large as asked for', () => {
  const vehicles = Array.from({ length: 5_000 }, (_, i) => `truck-${i}`)
  const served = (share: number) =>
    vehicles.filter(
      (id) => versionFor({ ...stable, canary: { version: 'b', share, sinceMs: 0 } }, slotOf('m', id)) === 'b',
    )
  const ten = served(10)
  expect(ten.length / vehicles.length).toBeGreaterThan(0.08)
  expect(ten.length / vehicles.length).toBeLessThan(0.12)
  const thirty = new Set(served(30))
  expect(ten.every((id) => thirty.has(id))).toBe(true)
  expect(vehicles.filter((id) => slotOf('m', id) < 10 && slotOf('n', id) < 10).length).toBeLessThan(ten.length / 2)
})
