import { describe, expect, test } from '@jest/globals'
import { closedLoop } from './closed-loop.ts'
import { expectedOutcome, type Cell } from './workload.ts'

const chain: Cell = { workload: { name: 'chain-3', shape: 'chain', steps: 3 }, concurrent: 8 }
const plan = { warmUpMs: 5, windowMs: 20, limitMs: 5_000 }
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('F10 load on an engine', () => {
  test('keeps as many workflows under way as asked for, and counts what ended in the window', async () => {
    let underWay = 0
    let most = 0
    let total = 0
    const order: string[] = []
    const window = await closedLoop({
      ...plan,
      cell: chain,
      call: async (n) => {
        most = Math.max(most, ++underWay)
        await nextTurn()
        underWay--
        total++
        return n + 3
      },
      onOpen: () => void order.push('open'),
      onClose: () => void order.push('close'),
    })
    expect(most).toBe(8)
    expect(underWay).toBe(0)
    expect(order).toEqual(['open', 'close'])
    expect(window.elapsedMs).toBeGreaterThanOrEqual(plan.windowMs)
    expect(window.completed).toBeGreaterThanOrEqual(16)
    // The first outcome of each caller was before the window, and the last of all but one behind it.
    expect(window.completed).toBeLessThanOrEqual(total - 8 - 7)
    expect(window.p99Ms).toBeGreaterThanOrEqual(window.p50Ms)
  })

  test('stays open for two outcomes of each caller, however slow they come', async () => {
    const gates: (() => void)[] = []
    const release = setInterval(() => gates.splice(0).forEach((open) => open()), 15)
    const call = async (n: number): Promise<number> => {
      await new Promise<void>((resolve) => gates.push(resolve))
      return n + 3
    }
    const window = await closedLoop({ ...plan, windowMs: 1, cell: chain, call }).finally(() => clearInterval(release))
    expect(window.completed).toBe(16)
  })

  test('a wrong outcome ends the measurement', async () => {
    const call = async (n: number): Promise<number> => n + (n === 5 ? 4 : 3)
    await expect(closedLoop({ ...plan, cell: chain, call })).rejects.toMatchObject({
      code: 'WRONG_OUTCOME',
      message: 'chain-3.c8: the outcome of 5 is 9, expected 8',
    })
  })

  test('an engine that never answers is given up', async () => {
    const call = (): Promise<number> => new Promise(() => undefined)
    await expect(closedLoop({ ...plan, limitMs: 30, cell: chain, call })).rejects.toMatchObject({
      code: 'BENCH_TOO_SLOW',
    })
  })

  test('a fan-out gives the sum of its branches', () => {
    expect(expectedOutcome({ name: 'fan-out-10', shape: 'fanOut', steps: 10 }, 4)).toBe(50)
  })
})
