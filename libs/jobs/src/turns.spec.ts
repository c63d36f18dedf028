import { describe, expect, test } from '@jest/globals'
import type { TaskPriority, Work } from '@pitcrew/messaging'
import { Turns, type Gate, type KindRules } from './turns.ts'

interface FakeQueue {
  /** Of each message asked for, how long it may take. */
  asks: (number | undefined)[]
  answer(work?: Work, missing?: number): void
}

const workOf = (name: string, givenBack: string[]): Work =>
  ({ subject: name, giveBack: () => void givenBack.push(name) }) as Partial<Work> as Work

/** Turns over queues that answer when the test says so. */
async function bench(places: number, kinds: Record<string, Partial<KindRules> & { priorities?: TaskPriority[] }>) {
  const begun: { name: string; gate: Gate; end(): void }[] = []
  const givenBack: string[] = []
  const turns = new Turns(places, (work, gate) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    begun.push({ name: work.subject, gate, end: resolve })
    return promise
  })
  const queues = new Map<string, FakeQueue>()
  for (const [kind, { priorities = [3 as TaskPriority], concurrency = Infinity, rated = false }] of Object.entries(
    kinds,
  )) {
    turns.addKind(kind, { concurrency, rated })
    for (const priority of priorities) {
      await turns.addQueue(kind, priority, async ({ onWork, onEmpty }) => {
        const queue: FakeQueue = {
          asks: [],
          answer: (work, missing = 1) => (work === undefined ? onEmpty(missing) : onWork(work)),
        }
        queues.set(`${kind}-${priority}`, queue)
        return { ask: (count, waitMs) => void queue.asks.push(...Array<number | undefined>(count).fill(waitMs)) }
      })
    }
  }
  const queue = (name: string) => queues.get(name)!
  return { turns, begun, givenBack, queue, give: (name: string) => queue(name).answer(workOf(name, givenBack)) }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('the turns of a worker', () => {
  test('F7 1 asks for as much as there are places, and gives back what is beyond', async () => {
    const { turns, queue, give, begun, givenBack } = await bench(4, { a: {}, b: {} })
    turns.resume()
    expect([queue('a-3').asks, queue('b-3').asks]).toEqual([Array(2).fill(undefined), Array(2).fill(undefined)])
    give('a-3')
    give('a-3')
    give('b-3')
    give('b-3')
    give('b-3')
    expect([begun.length, givenBack]).toEqual([4, ['b-3']])
    begun[0]!.end()
    await settled()
    expect(turns.running).toBe(3)
    expect(queue('a-3').asks.length + queue('b-3').asks.length).toBe(5)
  })

  test('L9 2 the urgent queue is asked more often than the routine one, and both are', async () => {
    const { turns, queue } = await bench(9, { a: { priorities: [1, 4] } })
    turns.resume()
    expect([queue('a-1').asks.length, queue('a-4').asks.length]).toEqual([8, 1])
  })

  test('F7 3 an empty queue is waited on, with one request at a time', async () => {
    const { turns, queue, give, begun } = await bench(3, { a: {} })
    turns.resume()
    give('a-3')
    begun[0]!.end()
    await settled()
    expect(queue('a-3').asks).toEqual([undefined, undefined, undefined])
    queue('a-3').answer(undefined, 2)
    expect(queue('a-3').asks.slice(3)).toEqual([15_000])
    queue('a-3').answer()
    expect(queue('a-3').asks.slice(3)).toEqual([15_000, 15_000])
    give('a-3')
    expect(queue('a-3').asks.slice(5)).toEqual([undefined, undefined])
  })

  test('F7 4 of a kind with a rate one at a time waits at the gate', async () => {
    const { turns, queue, give, begun } = await bench(8, { a: { rated: true } })
    turns.resume()
    expect(queue('a-3').asks).toHaveLength(1)
    give('a-3')
    expect(queue('a-3').asks).toHaveLength(1)
    begun[0]!.gate.admitted()
    expect(queue('a-3').asks).toHaveLength(2)
    give('a-3')
    begun[1]!.gate.notBefore(Date.now() + 60_000)
    begun[1]!.end()
    await settled()
    expect(queue('a-3').asks).toHaveLength(2)
    turns.pause()
  })

  test('F7 1 a kind has no more places than it may', async () => {
    const { turns, queue, give, begun } = await bench(8, { a: { concurrency: 2 } })
    turns.resume()
    expect(queue('a-3').asks).toHaveLength(2)
    give('a-3')
    give('a-3')
    expect(queue('a-3').asks).toHaveLength(2)
    begun[0]!.end()
    await settled()
    expect(queue('a-3').asks).toHaveLength(3)
  })

  test('F7 5 paused, it asks for nothing, and gives back what still comes', async () => {
    const { turns, queue, give, givenBack } = await bench(1, { a: {} })
    expect(queue('a-3').asks).toEqual([])
    turns.resume()
    turns.pause()
    give('a-3')
    expect([givenBack, queue('a-3').asks.length]).toEqual([['a-3'], 1])
    await turns.idle()
    turns.resume()
    expect(queue('a-3').asks).toHaveLength(2)
  })
})
