import { describe, expect, test } from '@jest/globals'
import { Retryable } from '@pitcrew/errors'
import { compare } from './compare.ts'
import type { Contender, ContenderName, Sample } from './contender.ts'
import { cellName, quickCells } from './workload.ts'

const plan = { warmUpMs: 1, windowMs: 2, limitMs: 1_000 }
const sample: Sample = { completed: 1, elapsedMs: 1, p50Ms: 1, p99Ms: 1, cpuSeconds: 1, memoryBytes: 1, othersShare: 0 }
const cells = quickCells.slice(0, 2)

/** Notes what it is asked; `breaks` says at which call it fails. */
function contender(name: ContenderName, calls: string[], breaks?: 'start' | number): Contender {
  let measured = 0
  return {
    name,
    label: name,
    setup: '',
    async start() {
      if (breaks === 'start') throw new Retryable('PEER_NOT_HAD', 'no network')
      return {
        pids: [],
        async measure(cell, { windowMs }) {
          if (++measured === breaks) throw new Retryable('BENCH_TOO_SLOW', 'too slow')
          if (windowMs === plan.windowMs) calls.push(`${cellName(cell)} ${name}`)
          return sample
        },
        stop: async () => void calls.push(`stop ${name}`),
      }
    },
  }
}

const run = (contenders: Contender[], rounds = 2) =>
  compare({ contenders, cells, rounds, plan, onProgress: () => undefined })

describe('L14 engines side by side', () => {
  test('take turns in every cell of every round, after a warm-up that does not count', async () => {
    const calls: string[] = []
    const { samples, failed } = await run([contender('pitcrew', calls), contender('restate', calls)])
    const round = ['chain-1.c128 pitcrew', 'chain-1.c128 restate', 'chain-10.c1 pitcrew', 'chain-10.c1 restate']
    expect(calls).toEqual([...round, ...round, 'stop restate', 'stop pitcrew'])
    expect(samples.map(({ samples: each }) => each.length)).toEqual([2, 2, 2, 2])
    expect(failed).toEqual({})
  })

  test('a peer that cannot be started or fails on the way is left out with the reason, and the others go on', async () => {
    const calls: string[] = []
    const peers = [contender('restate', calls, 'start'), contender('dbos', calls, 4)]
    const { samples, failed } = await run([contender('pitcrew', calls), ...peers])
    expect(failed).toEqual({ restate: 'no network', dbos: 'too slow' })
    expect(new Set(samples.map((one) => one.contender))).toEqual(new Set(['pitcrew']))
    expect(calls.filter((call) => call.startsWith('stop'))).toEqual(['stop dbos', 'stop pitcrew'])
  })

  test('says so when something else uses the machine', async () => {
    const said: string[] = []
    const busy = contender('pitcrew', [])
    const start = async () => {
      const running = await busy.start()
      return { ...running, measure: async () => ({ ...sample, othersShare: 0.42 }) }
    }
    await compare({ contenders: [{ ...busy, start }], cells, rounds: 1, plan, onProgress: (words) => said.push(words) })
    expect(said.at(-1)).toBe(
      'round 1 of 1, chain-10.c1, pitcrew: 1000 workflows/s, p50 1.0 ms (others use 42 % of the machine)',
    )
  })

  test('Pitcrew failing fails the comparison, and everything is stopped', async () => {
    const calls: string[] = []
    await expect(run([contender('restate', calls), contender('pitcrew', calls, 3)])).rejects.toMatchObject({
      code: 'BENCH_TOO_SLOW',
    })
    expect(calls.slice(-2)).toEqual(['stop pitcrew', 'stop restate'])
  })
})
