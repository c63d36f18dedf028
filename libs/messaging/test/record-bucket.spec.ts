import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { provisionStream, recordBucket, recordBucketConfig, type RecordBucket } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'
import { brokerWithClients, clientsOf, type Client } from './fixture.ts'
import { tcpProxy } from './tcp-proxy.ts'

let broker: Awaited<ReturnType<typeof brokerWithClients>>
let client: Client
let bucket: RecordBucket

beforeAll(async () => {
  broker = await brokerWithClients()
  client = await broker.client('orchestrator')
  await provisionStream(client.connection, recordBucketConfig('things', { replicas: 1, fileStorage: true }))
  bucket = recordBucket(client, 'things')
})

afterAll(() => broker.stop())

const keysOf = async (pattern: string, after?: number) => {
  const keys: string[] = []
  for await (const { key } of bucket.scan(pattern, after)) keys.push(key)
  return keys
}

describe('a bucket of records', () => {
  test('1 changes a record only from the revision that the writer has seen, and tells what it is otherwise', async () => {
    const first = await bucket.compareAndSet('cas.a', { n: 1 }, 0)
    const revision = 'revision' in first ? first.revision : 0
    expect(await bucket.compareAndSet('cas.a', { n: 9 }, 0)).toMatchObject({ conflict: { revision, value: { n: 1 } } })
    const second = await bucket.compareAndSet('cas.a', { n: 2 }, revision)
    expect(second).toEqual({ revision: revision + 1 })
    expect(await bucket.get('cas.a')).toMatchObject({ key: 'cas.a', value: { n: 2 }, revision: revision + 1 })
    expect(await bucket.get('cas.none')).toBeUndefined()
  })

  test('1 of two writers at once exactly one wins', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, writer) => bucket.compareAndSet('race.a', { writer }, 0)),
    )
    expect(outcomes.filter((outcome) => 'revision' in outcome)).toHaveLength(1)
  })

  test('2 takes no conflict from its own write when the answer was lost', async () => {
    const proxy = await tcpProxy(() => broker.broker.url)
    const far = clientsOf(() => proxy.url)
    try {
      const distant = recordBucket(await far.client('orchestrator'), 'things')
      proxy.swallow()
      const writing = distant.compareAndSet('lost.a', { n: 1 }, 0)
      const { revision } = await eventually(async () => {
        const stored = await bucket.get('lost.a')
        if (stored === undefined) throw new Error('not stored yet')
        return stored
      })
      proxy.cut()
      expect(await writing).toEqual({ revision })
    } finally {
      await far.drain()
      await proxy.stop()
    }
  })

  test('keeps a record unique among those that match a pattern', async () => {
    await bucket.compareAndSet('one.x.red', {}, 0, { unique: 'one.x.*' })
    const outcome = await bucket.compareAndSet('one.x.blue', {}, 0, { unique: 'one.x.*' })
    expect(outcome).toMatchObject({ conflict: { key: 'one.x.red' } })
    expect(await bucket.get('one.x.*')).toMatchObject({ key: 'one.x.red' })
  })

  test('gives all that match, over several pages, and from a revision on', async () => {
    const keys = Array.from({ length: 1_200 }, (_, index) => `many.${index}.${index % 2 === 0 ? 'even' : 'odd'}`)
    await Promise.all(keys.map((key) => bucket.compareAndSet(key, {}, 0)))
    expect(new Set(await keysOf('many.*.*'))).toEqual(new Set(keys))
    expect(await keysOf('many.*.odd')).toHaveLength(600)
    const { revision } = (await bucket.get('many.600.even'))!
    expect(await keysOf('many.*.*', revision)).not.toContain('many.600.even')
    expect(await keysOf('nothing.*')).toEqual([])
  })

  test('forgets a record after its time', async () => {
    const written = await bucket.compareAndSet('ttl.a', {}, 0)
    await bucket.compareAndSet('ttl.a', {}, 'revision' in written ? written.revision : 0, { ttlMs: 1_000 })
    expect(await bucket.get('ttl.a')).toBeDefined()
    await eventually(async () => expect(await bucket.get('ttl.a')).toBeUndefined())
  })

  test('hints that somebody wrote, until told to stop', async () => {
    let hints = 0
    const stop = bucket.onWrite('hint.*', () => hints++)
    await client.connection.flush()
    await bucket.compareAndSet('hint.a', {}, 0)
    await eventually(() => expect(hints).toBe(1))
    stop()
    await bucket.compareAndSet('hint.b', {}, 0)
    await client.connection.flush()
    expect(hints).toBe(1)
  })
})
