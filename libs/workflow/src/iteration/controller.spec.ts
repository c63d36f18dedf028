import { describe, expect, test } from '@jest/globals'
import { Random } from '../testing/random.ts'
import { judgeIteration } from './controller.ts'
import type { Iteration, Limits, NodeRun } from './iteration.ts'

const limits: Limits = {
  quality: 0.7,
  maxIterations: 4,
  budgetMs: 100_000,
  improvement: 0.02,
  patience: 1,
  maxErrorRate: 0.5,
  widest: 3,
  maxRetries: 1,
}
const run = (node: string, news = 0.5, more: Partial<NodeRun> = {}): NodeRun => ({ node, failed: false, news, ...more })
const failed = (node: string): NodeRun => run(node, 0, { failed: true })
const iteration = (quality: number, more: Partial<Iteration> = {}): Iteration => ({
  quality,
  durationMs: 1_000,
  window: 1,
  nodes: [run('codes'), run('history')],
  ...more,
})
const reason = (history: Iteration[], other: Partial<Limits> = {}) =>
  judgeIteration(history, { ...limits, ...other }).reason

describe('C6 when the iteration controller stops', () => {
  test('C6 as soon as the quality is reached, before any other reason', () => {
    expect(reason([iteration(0.69)])).toBe('continue')
    expect(reason([iteration(0.7)])).toBe('quality-reached')
    expect(reason([iteration(0.7, { durationMs: 1e9, nodes: [failed('codes')] })], { maxIterations: 1 })).toBe(
      'quality-reached',
    )
  })

  test('C6 after so many iterations', () => {
    expect(reason([iteration(0.1), iteration(0.2), iteration(0.3)])).toBe('continue')
    expect(reason([iteration(0.1), iteration(0.2), iteration(0.3), iteration(0.4)])).toBe('iteration-limit')
  })

  test('C6 when another one would not fit into the time budget', () => {
    expect(reason([iteration(0.1, { durationMs: 50_000 })])).toBe('continue')
    expect(reason([iteration(0.1, { durationMs: 50_001 })])).toBe('time-budget')
  })

  test('C6 when as many as its patience in a row have not improved on the best', () => {
    const history = [iteration(0.5), iteration(0.4), iteration(0.51)]
    expect(reason(history.slice(0, 2))).toBe('no-improvement')
    expect(reason(history.slice(0, 2), { patience: 2 })).toBe('continue')
    expect(reason(history, { patience: 2 })).toBe('no-improvement')
    expect(reason([...history.slice(0, 2), iteration(0.52)], { patience: 2 })).toBe('continue')
  })

  test('C6 when too many nodes fail', () => {
    expect(reason([iteration(0.1, { nodes: [run('codes'), failed('history')] })])).toBe('continue')
    expect(reason([iteration(0.1, { nodes: [failed('codes'), failed('history')] })])).toBe('error-rate')
  })

  test('C6 when no node would give anything new', () => {
    const silent = { nodes: [run('codes', 0), run('history', 0)], window: 3 }
    expect(reason([iteration(0.1), iteration(0.2, silent)])).toBe('nothing-left')
  })

  test('C6 it refuses limits that mean nothing, and to judge before the first iteration', () => {
    expect(() => judgeIteration([], limits)).toThrow(/at least one/)
    expect(() => judgeIteration([iteration(0.1)], { ...limits, maxIterations: 0 })).toThrow(/expected 1 or more/)
    expect(() => judgeIteration([iteration(0.1)], { ...limits, quality: 70 })).toThrow(/quality 70, expected 0 to 1/)
  })
})

describe('C6 how the next iteration goes about it', () => {
  test('C6 looks wider with the nodes that had news and leaves out those that a wider look did not change', () => {
    const first = iteration(0.3)
    expect(judgeIteration([first], limits).strategy).toEqual({
      run: ['codes', 'history'],
      leftOut: [],
      window: 2,
      retries: [],
    })
    const second = iteration(0.4, { window: 2, nodes: [run('codes', 0), run('history', 0.3)] })
    const verdict = judgeIteration([first, second], limits)
    expect(verdict.strategy).toMatchObject({ run: ['history'], leftOut: [{ node: 'codes' }], window: 3 })
    expect(verdict.explanation).toBe(
      '40 % of 70 % asked for, +10 % in this one; next: history with window 3, without codes',
    )
  })

  test('C6 suggests to retry what failed, later each time, and gives it up in the end', () => {
    const history = [iteration(0.3, { nodes: [run('codes'), failed('history')] })]
    expect(judgeIteration(history, limits).strategy).toMatchObject({
      run: ['codes', 'history'],
      window: 2,
      retries: [{ node: 'history', failures: 1, afterMs: 2_000 }],
    })
    history.push(iteration(0.4, { window: 2, nodes: [run('codes'), failed('history')] }))
    expect(judgeIteration(history, { ...limits, maxRetries: 2 }).strategy.retries).toMatchObject([{ afterMs: 4_000 }])
    expect(judgeIteration(history, limits).strategy).toMatchObject({
      run: ['codes'],
      leftOut: [{ node: 'history', because: 'failed 2 times in a row' }],
    })
  })

  test('C6 does not look wider when there are only failures to make up for', () => {
    const history = [iteration(0.3), iteration(0.4, { window: 2, nodes: [run('codes', 0), failed('history')] })]
    expect(judgeIteration(history, limits).strategy).toMatchObject({ run: ['history'], window: 2 })
  })
})

describe('C6 what the iterations amount to', () => {
  test('C6 gain, rate, errors and the worth of each node', () => {
    const history = [
      iteration(0.4, { durationMs: 20_000, nodes: [run('codes', 0.9, { durationMs: 10 }), run('history', 0.3)] }),
      iteration(0.6, { durationMs: 10_000, nodes: [run('codes', 0.1, { durationMs: 30 }), failed('peers')] }),
    ]
    const { metrics } = judgeIteration(history, limits)
    expect(metrics).toMatchObject({ iterations: 2, quality: 0.6, best: 0.6, elapsedMs: 30_000, withoutGain: 0 })
    expect(metrics.gain).toBeCloseTo(0.2)
    expect(metrics.gainPerMinute).toBeCloseTo(1.2)
    expect(metrics.errorRate).toBe(0.5)
    expect(metrics.nodes).toMatchObject([
      { node: 'codes', runs: 2, failures: 0, meanMs: 20 },
      { node: 'history', runs: 1, failures: 0, meanMs: null },
      { node: 'peers', runs: 1, failures: 1, worth: 0 },
    ])
    // Three quarters of the first gain and all of the second.
    expect(metrics.nodes[0]?.worth).toBeCloseTo(0.3 + 0.2)
  })
})

test('C6 I1-I4 hold whatever the iterations bring, and it always comes to an end', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const random = new Random(seed)
    const own: Limits = { ...limits, patience: 1 + random.below(3), maxIterations: 1 + random.below(6) }
    const history: Iteration[] = []
    let nodes = ['a', 'b', 'c', 'd']
    let window = 1
    for (;;) {
      const runs = nodes.map((node) =>
        random.chance(0.2) ? failed(node) : run(node, random.chance(0.3) ? 0 : random.next()),
      )
      history.push({ quality: random.next() * 0.8, durationMs: random.below(40_000), window, nodes: runs })
      const verdict = judgeIteration(history, own)
      expect(judgeIteration(structuredClone(history), own)).toEqual(verdict)
      expect(verdict.stop).toBe(verdict.reason !== 'continue')
      expect(verdict.strategy.run.length > 0).toBe(!verdict.stop)
      if ((history.at(-1)?.quality ?? 0) >= own.quality) expect(verdict.reason).toBe('quality-reached')
      if (verdict.stop) break
      const worth = verdict.metrics.nodes.reduce((sum, one) => sum + one.worth, 0)
      expect(worth).toBeLessThanOrEqual(verdict.metrics.best + 1e-9)
      expect([...verdict.strategy.run, ...verdict.strategy.leftOut.map(({ node }) => node)].sort()).toEqual([
        'a',
        'b',
        'c',
        'd',
      ])
      nodes = verdict.strategy.run
      window = verdict.strategy.window
    }
    expect(history.length).toBeLessThanOrEqual(own.maxIterations)
  }
})
