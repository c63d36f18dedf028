import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { holdPartitions, type Holding } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'
import { brokerWithClients, type Client } from './fixture.ts'

let all: Awaited<ReturnType<typeof brokerWithClients>>
const holdings: Holding[] = []
let group = 0

beforeAll(async () => {
  all = await brokerWithClients()
})

afterEach(async () => {
  group++
  await Promise.all(holdings.splice(0).map((holding) => holding.stop()))
})
afterAll(() => all.stop())

const renewMs = 100
const expiryMs = 800
const partitions = 8
const everything = [0, 1, 2, 3, 4, 5, 6, 7]

type Happening = { what: 'acquired' | 'released'; who: string; partition: number; epoch: number }

/** What every holder of a group did, in the order in which it happened. */
class Journal {
  readonly happenings: Happening[] = []

  note = (happening: Happening) => void this.happenings.push(happening)

  /** A partition is with one holder at a time, and each holder's epoch is higher than the one's before. */
  expectExclusive() {
    for (const partition of everything) {
      let holder: string | undefined
      let epoch = 0
      for (const happening of this.happenings.filter((each) => each.partition === partition)) {
        if (happening.what === 'acquired') {
          expect(holder).toBeUndefined()
          expect(happening.epoch).toBeGreaterThan(epoch)
          holder = happening.who
          epoch = happening.epoch
        } else {
          expect(happening.who).toBe(holder)
          holder = undefined
        }
      }
    }
  }
}

async function join(instance: string, journal = new Journal(), client?: Client) {
  const messaging = client ?? (await all.client('data-analysis', instance))
  const holding = await holdPartitions({
    messaging,
    group: `g${group}`,
    partitions,
    instance,
    renewMs,
    expiryMs,
    async onAcquire(partition, epoch) {
      journal.note({ what: 'acquired', who: instance, partition, epoch })
      return { release: async () => journal.note({ what: 'released', who: instance, partition, epoch }) }
    },
  })
  holdings.push(holding)
  return { holding, messaging, journal }
}

const heldBy = (...members: { holding: Holding }[]) => members.map(({ holding }) => holding.held())

async function shared(...members: { holding: Holding }[]) {
  await eventually(() => {
    const held = heldBy(...members)
    expect(held.flat().sort()).toEqual(everything)
    const counts = held.map((each) => each.length)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
  })
}

describe('partitions', () => {
  test('are all held by one that is alone, and shared fairly as others come', async () => {
    const journal = new Journal()
    const a = await join('a', journal)
    await shared(a)
    const b = await join('b', journal)
    await shared(a, b)
    const c = await join('c', journal)
    await shared(a, b, c)
    journal.expectExclusive()
  })

  test('of one that leaves are held by another at once, not after an expiry', async () => {
    const journal = new Journal()
    const [a, b] = [await join('a', journal), await join('b', journal)]
    await shared(a, b)
    const before = performance.now()
    await a.holding.stop()
    await shared(b)
    expect(performance.now() - before).toBeLessThan(expiryMs / 2)
    journal.expectExclusive()
  })

  test('of one that dies are taken over when its lease expires, with a higher epoch', async () => {
    const journal = new Journal()
    const [a, b, c] = [await join('a', journal), await join('b', journal), await join('c', journal)]
    await shared(a, b, c)
    const lost = a.holding.held()
    const epochs = new Map(lost.map((partition) => [partition, lastEpoch(journal, partition)]))
    await a.messaging.connection.close()
    await shared(b, c)
    for (const partition of lost) expect(lastEpoch(journal, partition)).toBeGreaterThan(epochs.get(partition)!)
  })

  test('are let go by a holder that is cut off, before anyone else takes them', async () => {
    const journal = new Journal()
    const [a, b] = [await join('a', journal), await join('b', journal)]
    await shared(a, b)
    await a.messaging.connection.close()
    await shared(b)
    expect(a.holding.held()).toEqual([])
    journal.expectExclusive()
  })

  test('of a process that starts again under its name are its own at once', async () => {
    const first = await join('a')
    await shared(first)
    await first.messaging.connection.close()
    const before = performance.now()
    const journal = new Journal()
    const second = await join('a', journal)
    await shared(second)
    expect(performance.now() - before).toBeLessThan(expiryMs)
    expect(Math.min(...journal.happenings.map(({ epoch }) => epoch))).toBe(2)
  })

  test('go to the later of two processes under one name', async () => {
    const earlier = await join('a')
    await shared(earlier)
    const later = await join('a')
    await eventually(() => expect(earlier.holding.held()).toEqual([]))
    await shared(later)
    const complaints = earlier.messaging.telemetry.lines.filter(({ code }) => code === 'INSTANCE_REPLACED')
    expect(complaints).toHaveLength(1)
  })

  test('that cannot be taken up are offered again', async () => {
    const messaging = await all.client('data-analysis', 'a')
    let attempts = 0
    const holding = await holdPartitions({
      messaging,
      group: `g${group}`,
      partitions: 1,
      instance: 'a',
      renewMs,
      expiryMs,
      async onAcquire() {
        if (++attempts === 1) throw new Error('log unreadable')
        return { release: async () => undefined }
      },
    })
    holdings.push(holding)
    await eventually(() => expect(holding.held()).toEqual([0]))
    expect(attempts).toBe(2)
  })

  test('whose release takes long are not held by another meanwhile', async () => {
    const slow = await all.client('data-analysis', 'slow')
    const release = Promise.withResolvers<void>()
    const holding = await holdPartitions({
      messaging: slow,
      group: `g${group}`,
      partitions,
      instance: 'slow',
      renewMs,
      expiryMs,
      onAcquire: async () => ({ release: () => release.promise }),
    })
    await eventually(() => expect(holding.held()).toEqual(everything))
    const stopped = holding.stop()
    const other = await join('other')
    const started = performance.now()
    await eventually(() => expect(performance.now() - started).toBeGreaterThan(2 * expiryMs))
    expect(other.holding.held()).toEqual([])
    release.resolve()
    await stopped
    await shared(other)
  })
})

const lastEpoch = (journal: Journal, partition: number) =>
  Math.max(
    ...journal.happenings
      .filter((each) => each.partition === partition && each.what === 'acquired')
      .map(({ epoch }) => epoch),
  )
