import { describe, expect, test } from '@jest/globals'
import type { TaskPriority, Work } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'
import { Dispatcher } from './dispatcher.ts'

/** A queue in memory that answers as a real one does: in later turns, and keeping whom it shall tell. */
class MemoryQueue {
  readonly given: string[] = []
  #waiting: string[]
  told = false
  events: { onWork(work: Work): void; onEmpty(missing: number): void } | undefined

  constructor(waiting: string[]) {
    this.#waiting = waiting
  }

  ask(count: number, waitMs?: number): void {
    queueMicrotask(() => {
      const given = this.#waiting.splice(0, count)
      for (const next of given) this.#give(next)
      if (given.length === count) return
      if (waitMs === undefined) this.events!.onEmpty(count - given.length)
      else this.told = true
    })
  }

  put(name: string): void {
    this.#waiting.push(name)
    if (!this.told) return
    this.told = false
    this.#give(this.#waiting.shift()!)
  }

  #give(name: string): void {
    this.given.push(name)
    this.events!.onWork({ subject: name, giveBack: () => this.#waiting.unshift(name) } as unknown as Work)
  }
}

async function setUp(slots: number, waiting: Partial<Record<TaskPriority, string[]>>) {
  const order: string[] = []
  const gates = new Map<string, () => void>()
  let most = 0
  const dispatcher: Dispatcher = new Dispatcher(slots, async ({ subject }) => {
    order.push(subject)
    most = Math.max(most, dispatcher.running + 1)
    await new Promise<void>((done) => gates.set(subject, done))
  })
  const queues = new Map<TaskPriority, MemoryQueue>()
  for (const priority of [1, 2, 3, 4] as const) {
    const queue = new MemoryQueue(waiting[priority] ?? [])
    queues.set(priority, queue)
    await dispatcher.add(priority, async (events) => {
      queue.events = events
      return queue
    })
  }
  const finishAll = async (count: number) => {
    await eventually(() => {
      for (const done of gates.values()) done()
      expect(order).toHaveLength(count)
    })
    await dispatcher.idle()
  }
  return { dispatcher, queues, order, finishAll, most: () => most }
}

const named = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`)

describe('the dispatcher', () => {
  test('never runs more tasks than it has slots, and loses none', async () => {
    const { dispatcher, order, finishAll, most } = await setUp(3, { 1: named('a', 10), 4: named('d', 10) })
    dispatcher.resume()
    await finishAll(20)
    expect(new Set(order).size).toBe(20)
    expect(most()).toBe(3)
  })

  test('L9 takes urgent work first, and routine work before the urgent is through', async () => {
    const { dispatcher, order, finishAll } = await setUp(1, { 1: named('a', 30), 4: named('d', 5) })
    dispatcher.resume()
    await finishAll(35)
    expect(order[0]).toBe('a0')
    expect(order.indexOf('d0')).toBeLessThan(20)
    expect(order.filter((each) => each.startsWith('a')).length).toBe(30)
  })

  test('hears at once of work that comes to an empty queue', async () => {
    const { dispatcher, queues, order, finishAll } = await setUp(2, {})
    dispatcher.resume()
    await eventually(() => expect(queues.get(2)!.told).toBe(true))
    queues.get(2)!.put('late')
    expect(order).toEqual(['late'])
    await finishAll(1)
  })

  test('gives back what comes while it is paused, and takes it when resumed', async () => {
    const { dispatcher, queues, order, finishAll } = await setUp(2, { 3: [] })
    dispatcher.resume()
    dispatcher.pause()
    queues.get(3)!.put('held')
    expect(order).toEqual([])
    dispatcher.resume()
    await finishAll(1)
    expect(order).toEqual(['held'])
  })
})
