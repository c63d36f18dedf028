import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { telemetry } from '@pitcrew/contracts'
import { Retryable, Terminal } from '@pitcrew/errors'
import { deadLetters, type Delivery } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'
import { brokerWithClients, collector, frameReceived, type Client } from './fixture.ts'

let all: Awaited<ReturnType<typeof brokerWithClients>>
let ingest: Client
let analyst: Client

beforeAll(async () => {
  all = await brokerWithClients()
  ingest = await all.client('telematics-ingest')
  analyst = await all.client('data-analysis')
})

afterAll(() => all.stop())

const frame = (vehicleId: string, deviceTimeMs: number) => telemetry.Frame.fromPartial({ vehicleId, deviceTimeMs })
const publish = (partition: number, count: number) =>
  ingest.publishMany(
    frameReceived,
    Array.from({ length: count }, (_, n) => ({ key: [String(partition), 'V1'], message: frame('V1', n) })),
  )
const times = (batch: Delivery<telemetry.Frame>[]) => batch.map(({ message }) => message.deviceTimeMs)
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)

describe('batches', () => {
  test('hold the frames of one partition in order, none larger than asked', async () => {
    const { received, keep } = collector<number[]>()
    await Promise.all([publish(1, 250), publish(2, 50)])
    const options = { durable: 'frames-1', key: '1', maxMessages: 100, maxWaitMs: 20 }
    const subscription = await analyst.consumeBatches(frameReceived, options, async (batch) => keep(times(batch)))
    await eventually(() => expect(received.flat()).toEqual(upTo(250)))
    expect(Math.max(...received.map((batch) => batch.length))).toBeLessThanOrEqual(100)
    expect(received.length).toBeLessThan(20)
    await subscription.stop()
  })

  test('are acknowledged together when the handler is done, and not before', async () => {
    await publish(3, 10)
    const options = { durable: 'frames-3', key: '3', maxMessages: 100, maxWaitMs: 10, ackWaitMs: 500 }
    const begun = Promise.withResolvers<void>()
    const never = Promise.withResolvers<void>()
    const dying = await all.client('data-analysis', 'dying')
    await dying.consumeBatches(frameReceived, options, () => {
      begun.resolve()
      return never.promise
    })
    await begun.promise
    await dying.connection.close()
    const { received, keep } = collector<number[]>()
    const subscription = await analyst.consumeBatches(frameReceived, options, async (batch) => keep(times(batch)))
    await eventually(() => expect(received.flat().sort((a, b) => a - b)).toEqual(upTo(10)))
    never.resolve()
    await subscription.stop()
  })

  test('of a partition taken over begin with what the dead holder had in hand, in order and at once', async () => {
    await publish(4, 20)
    const options = { durable: 'frames-4', key: '4', maxMessages: 5, maxWaitMs: 10, ackWaitMs: 60_000, exclusive: true }
    const second = Promise.withResolvers<void>()
    const never = Promise.withResolvers<void>()
    const dying = await all.client('data-analysis', 'dying-4')
    let batches = 0
    await dying.consumeBatches(frameReceived, options, async () => {
      if (++batches < 2) return
      second.resolve()
      await never.promise
    })
    await second.promise
    await dying.connection.flush()
    await dying.connection.close()
    const { received, keep } = collector<number[]>()
    const subscription = await analyst.consumeBatches(frameReceived, options, async (batch) => keep(times(batch)))
    await eventually(() => expect(received.flat()).toEqual(upTo(20).slice(5)), { timeoutMs: 3_000 })
    never.resolve()
    await subscription.stop()
  })

  test('that fail are tried again before anything behind them', async () => {
    const { received, keep } = collector<number[]>()
    let failures = 0
    const options = { durable: 'frames-5', key: '5', maxMessages: 5, maxWaitMs: 10 }
    await publish(5, 15)
    const subscription = await analyst.consumeBatches(frameReceived, options, async (batch) => {
      if (times(batch).includes(5) && failures++ < 2) throw new Retryable('DATABASE_DOWN', 'later', { afterMs: 50 })
      await keep(times(batch))
    })
    await eventually(() => expect(received.flat()).toEqual(upTo(15)))
    expect(failures).toBe(3)
    await subscription.stop()
  })

  test('with a message at fault lose only that one, to the dead letter', async () => {
    const { received, keep } = collector<number[]>()
    const options = { durable: 'frames-6', key: '6', maxMessages: 10, maxWaitMs: 50 }
    await publish(6, 9)
    await ingest.send('telemetry.frame.received.v1.6.V1', new TextEncoder().encode('garbage'))
    const subscription = await analyst.consumeBatches(frameReceived, options, async (batch) => {
      if (times(batch).includes(4)) throw new Terminal('ODD_FRAME', 'no')
      await keep(times(batch))
    })
    await eventually(() => expect(received.flat()).toEqual([0, 1, 2, 3, 5, 6, 7, 8]))
    await eventually(async () => {
      const letters = await deadLetters(analyst).list()
      expect(letters.map(({ code }) => code).sort()).toEqual(['ODD_FRAME', 'UNDECODABLE'])
    })
    await subscription.stop()
  })
})
