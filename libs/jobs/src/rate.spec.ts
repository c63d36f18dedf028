import { describe, expect, test } from '@jest/globals'
import { nextTurn } from './rate.ts'

const rate = { jobs: 10, perMs: 1_000, burst: 3 }

/** When each of `count` callers that come at these times may begin. */
function starts(times: readonly number[]): number[] {
  let spokenFor: number | undefined
  return times.map((nowMs) => {
    const turn = nextTurn(spokenFor, nowMs, rate)
    spokenFor = turn.spokenForUntilMs
    return turn.startMs
  })
}

describe('a rate', () => {
  test('F7 lets a burst begin at once, and then one after the other', () => {
    expect(starts([0, 0, 0, 0, 0])).toEqual([0, 0, 0, 100, 200])
  })

  test('F7 saves up no more than a burst', () => {
    expect(starts([0, 60_000, 60_000, 60_000, 60_000])).toEqual([0, 60_000, 60_000, 60_000, 60_100])
  })

  test('F7 never lets more begin than burst and rate allow, however they come', () => {
    const times = Array.from({ length: 200 }, (_, index) => (index * 7919) % 5_000).sort((a, b) => a - b)
    const begun = starts(times)
    for (let from = 0; from < begun.length; from++)
      for (let to = from + rate.burst; to < begun.length; to++)
        expect(begun[to]! - begun[from]!).toBeGreaterThanOrEqual((to - from + 1 - rate.burst) * 100 - 1)
  })
})
