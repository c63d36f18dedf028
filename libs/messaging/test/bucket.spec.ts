import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contextBucket, openBucket, type Versioned, type VersionedBucket } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'
import { clientsOf } from './fixture.ts'
import { restartableBroker } from './restartable-broker.ts'
import { tcpProxy } from './tcp-proxy.ts'

let broker: Awaited<ReturnType<typeof restartableBroker>>
let bucket: VersionedBucket

beforeAll(async () => {
  broker = await restartableBroker()
  bucket = openBucket(await broker.client('scheduling'), contextBucket)
})

afterAll(() => broker.stop())

const values = (found: Versioned[]) => found.map(({ key, value }) => [key, value])

describe('a versioned bucket', () => {
  test('F6 writes only over what the writer has seen', async () => {
    const first = await bucket.set('cas.a', 1, { expected: 0 })
    expect(await bucket.set('cas.a', 2, { expected: 0 })).toBeUndefined()
    const second = await bucket.set('cas.a', 2, { expected: first })
    expect(second).toBeGreaterThan(first!)
    expect(await bucket.set('cas.a', 3, { expected: first })).toBeUndefined()
    expect(await bucket.get('cas.a')).toMatchObject({ key: 'cas.a', value: 2, revision: second })
    expect(await bucket.get('cas.b')).toBeUndefined()
  })

  test('F6 a write whose answer was lost is no conflict with itself', async () => {
    const proxy = await tcpProxy(broker.url)
    const far = clientsOf(() => proxy.url)
    try {
      const distant = openBucket(await far.client('scheduling'), contextBucket)
      proxy.swallow()
      const writing = distant.set('lost.a', 1, { expected: 0 })
      const { revision } = await eventually(async () => {
        const stored = await bucket.get('lost.a')
        if (stored === undefined) throw new Error('not stored yet')
        return stored
      })
      proxy.cut()
      expect(await writing).toBe(revision)
    } finally {
      await far.drain()
      await proxy.stop()
    }
  })

  test('F6 remembers what a key was, and notes its removal', async () => {
    await bucket.set('past.a', { n: 1 })
    await bucket.set('past.a', { n: 2 })
    await bucket.remove('past.a')
    expect((await bucket.history('past.a')).map(({ value }) => value)).toEqual([{ n: 1 }, { n: 2 }, undefined])
    expect(await bucket.get('past.a')).toMatchObject({ value: undefined })
    await bucket.remove('past.a', { alone: true })
    expect(await bucket.history('past.a')).toHaveLength(1)
  })

  test('F6 lists what is under a prefix, and nothing else', async () => {
    await bucket.set('list.a', 1)
    await bucket.set('list.a', 2)
    await bucket.set('list.b', 3)
    await bucket.set('listed.c', 4)
    expect(values(await bucket.list('list'))).toEqual([
      ['list.a', 2],
      ['list.b', 3],
    ])
    expect(await bucket.list('nothing')).toEqual([])
  })

  test('F6 lets go of a value whose time is over', async () => {
    const revision = await bucket.set('short.a', 1, { ttlMs: 1_000 })
    await eventually(async () => expect(await bucket.get('short.a')).toBeUndefined())
    expect(await bucket.set('short.a', 2, { expected: 0 })).toBeGreaterThan(revision!)
  })

  test('F6 a watch sees what is there and each change once, also across a restart of the broker', async () => {
    const seen: unknown[] = []
    await bucket.set('watch.a', 'before')
    const watching = await bucket.watch('watch', ({ value }) => seen.push(value))
    expect(seen).toEqual(['before'])
    await bucket.set('watch.b', 'live')
    await eventually(() => expect(seen).toEqual(['before', 'live']))
    await broker.kill()
    await broker.start()
    await bucket.set('watch.a', 'after')
    await bucket.remove('watch.b')
    await eventually(() => expect(seen).toEqual(['before', 'live', 'after', undefined]))
    watching.stop()
  })
})
