import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { telemetry } from '@pitcrew/contracts'
import { Cancelled } from '@pitcrew/errors'
import type { Delivery } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'
import { clientsOf, frameReceived, type Client } from './fixture.ts'
import { restartableBroker } from './restartable-broker.ts'
import { tcpProxy, type TcpProxy } from './tcp-proxy.ts'

type Handler = (sequences: number[]) => Promise<void>

let broker: Awaited<ReturnType<typeof restartableBroker>>
let network: TcpProxy
let clients: ReturnType<typeof clientsOf>
let ingest: Client
let analyst: Client

beforeEach(async () => {
  broker = await restartableBroker()
  network = await tcpProxy(broker.url)
  clients = clientsOf(() => network.url)
  ingest = await broker.client('telematics-ingest')
  analyst = await clients.client('data-analysis')
})

afterEach(async () => {
  await clients.drain()
  await network.stop()
  await broker.stop()
})

/** The partition is alone in its stream, so the sequences that it should see are 1, 2, 3 and so on. */
async function publish(count: number): Promise<void> {
  const message = telemetry.Frame.fromPartial({ vehicleId: 'V1' })
  await ingest.publishMany(
    frameReceived,
    Array.from({ length: count }, () => ({ key: ['7', 'V1'], message })),
  )
}

/** Sequences in the order in which the handler was done with them. */
async function watch(handler: Handler = () => Promise.resolve(), maxMessages = 5): Promise<number[]> {
  const handled: number[] = []
  const options = { durable: 'watch-7', key: '7', maxMessages, maxWaitMs: 5, ackWaitMs: 1_000, exclusive: true }
  await analyst.consumeBatches(frameReceived, options, async (batch: Delivery<telemetry.Frame>[]) => {
    const sequences = batch.map(({ sequence }) => sequence)
    await handler(sequences)
    handled.push(...sequences)
  })
  return handled
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1)

/** Forward one by one; back only to begin anew behind what was acknowledged. */
function expectOrder(handled: number[]): void {
  for (const [n, sequence] of handled.entries()) expect(sequence).toBeLessThanOrEqual((handled[n - 1] ?? 0) + 1)
}

async function consumer() {
  const reply = await broker.operator.request('$JS.API.CONSUMER.INFO.TELEMETRY.data-analysis_watch-7')
  return reply.json<{
    delivered: { consumer_seq: number; stream_seq: number }
    num_ack_pending: number
    num_pending: number
    num_waiting: number
  }>()
}

/** All that was published is delivered and acknowledged, and the next asked for. The count that is pending may lag behind. */
const idle = (published = 10) =>
  eventually(async () => {
    const { delivered, num_ack_pending, num_pending, num_waiting } = await consumer()
    expect(delivered.stream_seq).toBeGreaterThanOrEqual(published)
    expect({ num_ack_pending, num_pending }).toEqual({ num_ack_pending: 0, num_pending: 0 })
    expect(num_waiting).toBeGreaterThan(0)
  })

describe('batches of an exclusive consumer', () => {
  test('N1 that were lost with the connection come before what was published later', async () => {
    const handled = await watch()
    await publish(10)
    await idle()
    network.swallow()
    await publish(8)
    await eventually(async () => expect((await consumer()).delivered.consumer_seq).toBe(18))
    network.cut()
    await publish(20)
    await eventually(() => expect(handled.length).toBeGreaterThanOrEqual(38))
    expect(handled).toEqual(upTo(38))
  })

  test('N1 keep their order though the broker talks to the lost connection for a while', async () => {
    const handled = await watch()
    await publish(10)
    await idle()
    network.cutUnseen()
    await publish(4)
    await eventually(() => expect(analyst.telemetry.lines.map(({ message }) => message)).toContain(back))
    await publish(20)
    await eventually(() => expect(new Set(handled).size).toBe(34), { timeoutMs: 20_000 })
    expect(handled).toEqual(upTo(34))
  })

  test('N1 wait for the one whose handler outlives the connection, which is not disturbed', async () => {
    const begun = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    let running = 0
    const handled = await watch(async () => {
      expect(++running).toBe(1)
      begun.resolve()
      await release.promise
      running--
    })
    await publish(12)
    await begun.promise
    network.cut()
    await publish(12)
    await eventually(() => expect(analyst.telemetry.lines.map(({ message }) => message)).toContain(back))
    expect(handled).toEqual([])
    release.resolve()
    await eventually(() => expect(new Set(handled).size).toBe(24))
    expectOrder(handled)
    await idle()
  })

  test('N1 keep their order while the connection is cut again and again under load', async () => {
    const handled = await watch(() => new Promise(setImmediate), 20)
    for (let round = 1; round <= 6; round++) {
      const publishing = publish(300)
      await eventually(() => expect(handled.length).toBeGreaterThan(300 * (round - 1) + 50))
      if (round % 2 === 0) network.swallow()
      network.cut()
      await publishing
      await eventually(() => expect(new Set(handled).size).toBe(300 * round))
    }
    expectOrder(handled)
  })

  test('N1 keep their order when the broker is killed and comes back', async () => {
    const handled = await watch(() => new Promise(setImmediate), 20)
    for (let round = 1; round <= 2; round++) {
      const before = publish(300)
      await eventually(() => expect(handled.length).toBeGreaterThan(300 * (round - 1) + 20))
      network.swallow()
      await broker.kill()
      await broker.start()
      await before
      await eventually(() => expect(new Set(handled).size).toBe(300 * round))
    }
    expectOrder(handled)
  })

  test('that are given back are handled again before anything behind them', async () => {
    let cancellations = 0
    const handled = await watch(async (sequences) => {
      if (sequences.includes(3) && cancellations++ < 2) throw new Cancelled('ABORTED', 'not now')
    })
    await publish(20)
    await eventually(() => expect(handled.length).toBeGreaterThanOrEqual(20))
    expect(handled).toEqual(upTo(20))
  })

  test('N1 that another took away are noticed by the hole that they leave', async () => {
    const handled = await watch()
    await publish(10)
    await idle()
    const subject = '$JS.API.CONSUMER.MSG.NEXT.TELEMETRY.data-analysis_watch-7'
    const stolen = broker.operator.subscribe('stolen', { max: 400 })
    // Several requests wait in turn, so some of what comes falls to each.
    for (let n = 0; n < 20; n++)
      broker.operator.publish(subject, '{"batch":1,"expires":1000000000}', { reply: 'stolen' })
    await broker.operator.flush()
    await publish(60)
    await eventually(() => expect(stolen.getReceived()).toBeGreaterThan(0))
    await eventually(() => expect(new Set(handled).size).toBe(70))
    expect(handled).toEqual(upTo(70))
  })
})

describe('an exclusive consumer', () => {
  test('goes on when its durable was deleted', async () => {
    const handled = await watch()
    await publish(10)
    await idle()
    await broker.operator.request('$JS.API.CONSUMER.DELETE.TELEMETRY.data-analysis_watch-7')
    await publish(10)
    await eventually(() => expect(handled).toContain(20))
    expectOrder(handled)
  })

  test('N1 goes on in a stream that was made again, whose sequences it has in hand from the one before', async () => {
    const begun = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const handled = await watch(async () => {
      begun.resolve()
      await release.promise
    })
    await publish(6)
    await begun.promise
    await broker.operator.request('$JS.API.STREAM.DELETE.TELEMETRY')
    await broker.provision()
    await publish(10)
    await eventually(async () => expect((await consumer()).delivered.consumer_seq).toBeGreaterThan(0))
    release.resolve()
    await eventually(() => expect(handled).toContain(10))
    await idle()
    const again = handled.lastIndexOf(1)
    expect(again).toBeGreaterThan(0)
    expect(handled.slice(again)).toEqual(upTo(10))
  })

  test('goes on behind what was purged', async () => {
    const handled = await watch()
    await publish(10)
    await idle()
    await broker.operator.request('$JS.API.STREAM.PURGE.TELEMETRY')
    await publish(10)
    await eventually(() => expect(handled).toContain(20))
    expect(handled).toEqual(upTo(20))
  })
})

const back = 'broker connection is back'
