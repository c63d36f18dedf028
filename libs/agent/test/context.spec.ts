import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { eventually, testBroker, testMessaging, type TestBroker } from '@pitcrew/testing'
import type { Messaging } from '@pitcrew/messaging'
import { sharedContext, type ContextChange, type SharedContext } from '../src/context/index.ts'

let broker: TestBroker
const clients: Messaging[] = []
let spaces = 0
/** Two agents at the same space. */
let one: SharedContext
let two: SharedContext

beforeAll(async () => {
  broker = await testBroker()
  clients.push(await testMessaging(broker, 'data-analysis'), await testMessaging(broker, 'scheduling'))
})

beforeEach(() => {
  const space = `case ${++spaces}.a`
  one = sharedContext(clients[0]!, space)
  two = sharedContext(clients[1]!, space)
})

afterAll(async () => {
  await Promise.all(clients.map((client) => client.drain()))
  await broker.stop()
})

describe('shared context', () => {
  test('F6 gives to one agent what another put there, with its version and who wrote it', async () => {
    const version = await one.put('cause', { part: 'hose', share: 0.8 })
    expect(await two.get('cause')).toMatchObject({
      key: 'cause',
      value: { part: 'hose', share: 0.8 },
      version,
      by: `data-analysis.${clients[0]!.instance}`,
    })
    expect(await two.get('other')).toBeUndefined()
    expect(await two.put('cause', null)).toBeGreaterThan(version)
    expect(await one.get('cause')).toMatchObject({ value: null })
  })

  test('F6 keeps spaces and keys apart, whatever their names', async () => {
    const other = sharedContext(clients[0]!, `${one.space}.a`)
    await one.put('a.*.>', 1)
    await other.put('a.*.>', 2)
    expect(await one.entries()).toMatchObject([{ key: 'a.*.>', value: 1 }])
    expect(await other.entries()).toMatchObject([{ key: 'a.*.>', value: 2 }])
  })

  test('F6 a write on an older version is refused, and the refusal says which is current', async () => {
    const first = await one.compareAndSet('plan', 'a', 0)
    const second = await two.compareAndSet('plan', 'b', first)
    await expect(one.compareAndSet('plan', 'c', first)).rejects.toMatchObject({
      kind: 'terminal',
      code: 'CONTEXT_CONFLICT',
      details: { key: 'plan', expected: first, current: second },
    })
    await expect(one.compareAndSet('plan', 'c', 0)).rejects.toMatchObject({ code: 'CONTEXT_CONFLICT' })
    await expect(one.delete('plan', { expected: first })).rejects.toMatchObject({ code: 'CONTEXT_CONFLICT' })
    await two.delete('plan', { expected: second })
    expect(await one.get('plan')).toBeUndefined()
    await expect(one.compareAndSet('plan', 'd', second)).rejects.toMatchObject({ details: { current: 0 } })
    expect(await one.compareAndSet('plan', 'd', 0)).toBeGreaterThan(second)
  })

  test('F6 of two that write on the same version one is refused', async () => {
    const version = await one.put('seat', 'free')
    const outcomes = await Promise.allSettled(
      [one, two, one, two].map((context, n) => context.compareAndSet('seat', `taken by ${n}`, version)),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('F6 no update is lost however many agents update at once', async () => {
    const add = (context: SharedContext) =>
      context.update<number>('count', (current = 0) => current + 1, { attempts: 1_000 })
    await Promise.all(Array.from({ length: 40 }, (_, n) => add(n % 2 === 0 ? one : two)))
    expect(await one.get('count')).toMatchObject({ value: 40 })
    expect(await one.history('count')).toHaveLength(40)
  })

  test('F6 an update that others are always quicker than gives up', async () => {
    let turn = 0
    const interfering = one.update<number>('busy', (current = 0) => current + 1, { attempts: 1 })
    await interfering
    const attempts = Array.from({ length: 30 }, () => one.update<number>('busy', () => ++turn, { attempts: 1 }))
    const refused = (await Promise.allSettled(attempts)).filter(({ status }) => status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]).toMatchObject({ reason: { kind: 'retryable', code: 'CONTEXT_BUSY' } })
  })

  test('F6 tells what a key was before', async () => {
    await one.put('urgency', 'LOW')
    await two.put('urgency', 'HIGH')
    await one.delete('urgency')
    const past = await two.history('urgency')
    expect(past.map(({ value }) => value)).toEqual(['LOW', 'HIGH', undefined])
    expect(past.map(({ by }) => by.split('.')[0])).toEqual(['data-analysis', 'scheduling', 'data-analysis'])
    expect(past[0]!.version).toBeLessThan(past[1]!.version)
  })

  test('F6 a watch tells what is there and each change, of this space only', async () => {
    const seen: [string, unknown][] = []
    await one.put('a', 1)
    const watching = await two.watch(({ key, value }: ContextChange) => void seen.push([key, value]))
    expect(seen).toEqual([['a', 1]])
    await sharedContext(clients[0]!, 'elsewhere').put('a', 9)
    await one.put('b', 2)
    await one.delete('a')
    await eventually(() =>
      expect(seen).toEqual([
        ['a', 1],
        ['b', 2],
        ['a', undefined],
      ]),
    )
    watching.stop()
  })

  test('F6 a space that is cleared holds nothing, remembers nothing, and its locks are free', async () => {
    await one.put('a', 1)
    await one.put('a', 2)
    const lock = await one.lock('l')
    await two.clear()
    expect(await one.entries()).toEqual([])
    expect((await one.history('a')).map(({ value }) => value)).toEqual([undefined])
    await expect(lock.renew()).rejects.toMatchObject({ code: 'LOCK_LOST' })
    expect(await one.compareAndSet('a', 3, 0)).toBeGreaterThan(0)
  })

  test('F6 a value is forgotten when its time is over', async () => {
    const brief = sharedContext(clients[0]!, one.space, { ttlMs: 1_000 })
    await brief.put('a', 1)
    await one.put('b', 2)
    await eventually(async () => expect(await one.entries()).toMatchObject([{ key: 'b' }]))
  })
})

describe('a lock', () => {
  test('F6 is held by one at a time, and given on when it is released', async () => {
    const lock = await one.lock('l', { ttlMs: 60_000 })
    await expect(two.lock('l')).rejects.toMatchObject({
      kind: 'retryable',
      code: 'LOCK_HELD',
      details: { owner: lock.owner, token: lock.token },
    })
    const waiting = two.lock('l', { waitMs: 20_000, owner: 'task 7' })
    await lock.release()
    const next = await waiting
    expect(next).toMatchObject({ owner: 'task 7' })
    expect(next.token).toBeGreaterThan(lock.token)
    expect(await one.lockHolder('l')).toEqual({ owner: 'task 7', token: next.token })
    await next.release()
    expect(await one.lockHolder('l')).toBeUndefined()
  })

  test('F6 that was not renewed is given to the next, with a higher token', async () => {
    const lock = await one.lock('l', { ttlMs: 1_000 })
    const next = await two.lock('l', { waitMs: 20_000 })
    expect(next.token).toBeGreaterThan(lock.token)
    expect(lock.lost.aborted).toBe(true)
    await expect(lock.renew()).rejects.toMatchObject({ kind: 'terminal', code: 'LOCK_LOST' })
    await next.release()
  })

  test('F6 is not released by one that does not hold it any more', async () => {
    const lock = await one.lock('l', { ttlMs: 1_000 })
    const next = await two.lock('l', { waitMs: 20_000, ttlMs: 60_000 })
    await expect(lock.release()).rejects.toMatchObject({ kind: 'terminal', code: 'LOCK_LOST' })
    expect(await one.lockHolder('l')).toMatchObject({ token: next.token })
    await next.release()
    await expect(next.release()).rejects.toMatchObject({ code: 'LOCK_LOST' })
  })

  test('F6 that is renewed is kept, under the same token', async () => {
    const lock = await one.lock('l', { ttlMs: 1_000 })
    const end = performance.now() + 2_500
    await eventually(async () => {
      await lock.renew()
      expect(performance.now()).toBeGreaterThan(end)
    })
    expect(await two.lockHolder('l')).toMatchObject({ token: lock.token })
    expect(lock.lost.aborted).toBe(false)
    await lock.release()
  })

  test('F6 fences the writes of a holder that does not know that it lost it', async () => {
    const lock = await one.lock('l', { ttlMs: 1_000 })
    await one.put('booking', 'first', { fence: lock.token })
    const next = await two.lock('l', { waitMs: 20_000 })
    await two.update('booking', () => 'second', { fence: next.token })
    const late = { fence: lock.token }
    for (const write of [
      one.put('booking', 'late', late),
      one.update('booking', () => 'late', late),
      one.delete('booking', late),
    ])
      await expect(write).rejects.toMatchObject({ kind: 'terminal', code: 'FENCED' })
    expect(await one.get('booking')).toMatchObject({ value: 'second' })
    await next.release()
  })

  test('F6 lets in one after the other, each once, and sees to its own renewal', async () => {
    let inside = 0
    let most = 0
    const tokens: number[] = []
    const enter = (context: SharedContext) =>
      context.withLock('l', { ttlMs: 1_000, waitMs: 30_000 }, async ({ token, lost }) => {
        most = Math.max(most, ++inside)
        tokens.push(token)
        // Longer than a lease: what is read here must come after the first renewal.
        if (tokens.length === 1) {
          const end = performance.now() + 1_600
          await eventually(() => expect(performance.now()).toBeGreaterThan(end))
        }
        expect(lost.aborted).toBe(false)
        inside--
      })
    await Promise.all([one, two, one, two].map(enter))
    expect(most).toBe(1)
    expect(tokens).toEqual([...tokens].sort((a, b) => a - b))
    expect(new Set(tokens).size).toBe(4)
  })

  test('F6 is free again when the work under it failed, and the failure is the work’s own', async () => {
    await expect(one.withLock('l', {}, () => Promise.reject(new RangeError('odd')))).rejects.toThrow('odd')
    expect(await two.lockHolder('l')).toBeUndefined()
  })

  test('F6 that was lost while the work ran is reported when the work ends', async () => {
    const working = one.withLock('l', { ttlMs: 60_000 }, async () => two.clear())
    await expect(working).rejects.toMatchObject({ kind: 'terminal', code: 'LOCK_LOST' })
  })
})
