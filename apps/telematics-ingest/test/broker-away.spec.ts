import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { findNatsServer, startBroker, type Broker } from '@pitcrew/broker'
import type { telemetry } from '@pitcrew/contracts'
import { connectMessaging, provisionStreams } from '@pitcrew/messaging'
import { eventually, testDatabase, testTelemetry, type TestDatabase } from '@pitcrew/testing'
import { collectFrames, rawFrame, startIngest, type Ingest } from './platform.ts'

let home: string
let broker: Broker
let database: TestDatabase
let ingest: Ingest

const start = async (port: number) => {
  const { path } = await findNatsServer({ cacheDir: join(import.meta.dirname, '../../../.pitcrew/bin') })
  return startBroker({ executable: path, storeDir: join(home, 'store'), port, syncAlways: true })
}
const connect = () =>
  connectMessaging({ url: broker.url, service: 'data-analysis', instance: 'test', telemetry: testTelemetry() })

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'pitcrew-ingest-'))
  broker = await start(0)
  const setup = await connect()
  await provisionStreams(setup.connection, { replicas: 1, fileStorage: true })
  await setup.drain()
  database = await testDatabase()
  ingest = await startIngest({ NATS_URL: broker.url, DATABASE_URL: database.url, DURABLE_WITHIN_MS: '500' })
})

afterAll(async () => {
  await ingest.stop()
  await database.stop()
  await broker.stop()
  rmSync(home, { recursive: true, force: true })
})

const send = async (frames: telemetry.RawFrame[]) => {
  const body = JSON.stringify({ frames })
  const answer = await fetch(`${ingest.http}/v1/telemetry`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  })
  return {
    status: answer.status,
    retryAfter: answer.headers.get('retry-after'),
    body: (await answer.json()) as Record<string, unknown>,
  }
}

/** A process that stands still would outlive the test run. */
let onTestEnd = () => {}
afterEach(() => onTestEnd())

describe('when the broker stands still', () => {
  /** Large on the wire and small in the stream: codes that the device does not report count for nothing. */
  const large = (vehicleId: string, ms: number): telemetry.RawFrame => ({
    ...rawFrame(vehicleId, ms),
    dtcs: ['x'.repeat(5_000)],
  })
  const total = 2_500
  const perBatch = 10

  test('N2 gRPC: the sender of a stream is slowed down, its memory and ours stay bounded, and nothing is lost', async () => {
    const slow = await startIngest({
      NATS_URL: broker.url,
      DATABASE_URL: database.url,
      DURABLE_WITHIN_MS: '30000',
      MAX_FRAMES_IN_FLIGHT: '50',
    })
    const reader = await connect()
    const frames = await collectFrames(reader, 'slow-broker')
    const now = Date.now()
    const { pid } = broker
    process.kill(pid, 'SIGSTOP')
    onTestEnd = () => process.kill(pid, 'SIGCONT')
    const call = slow.rpc.stream()
    let sent = 0
    const sending = (async () => {
      for (; sent < total / perBatch; sent++)
        await call.send({
          batch: sent,
          frames: Array.from({ length: perBatch }, (_, i) => large('steady', now - sent * perBatch - i)),
        })
      call.end()
    })()
    let [before, unchanged] = [-1, 0]
    await eventually(() => {
      unchanged = before === sent ? unchanged + 1 : 0
      before = sent
      expect(unchanged).toBeGreaterThan(5)
    })
    expect(sent).toBeLessThan(total / perBatch)

    await expect(drained(slow.rpc.stream({ deadlineMs: 150 }))).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    const given = slow.rpc.stream()
    await given.send({ batch: 0, frames: [rawFrame('given-up', now)] })
    given.cancel()
    await expect(drained(given)).rejects.toMatchObject({ kind: 'cancelled' })

    onTestEnd()
    const batches: number[] = []
    let accepted = 0
    for await (const { batch, result } of call.responses) {
      batches.push(batch)
      accepted += result!.acceptedFrames
    }
    await sending
    expect(batches).toEqual(Array.from({ length: total / perBatch }, (_, i) => i))
    expect(accepted).toBe(total)
    const steady = () => frames.filter(({ message }) => message.vehicleId === 'steady')
    await eventually(() => expect(steady()).toHaveLength(total))
    onTestEnd = () => {}
    await reader.drain()
    await slow.stop()
  }, 40_000)
})

async function drained(call: { responses: AsyncIterable<unknown> }): Promise<number> {
  let answers = 0
  for await (const answer of call.responses) answers += Number(answer !== undefined)
  return answers
}

describe('when the broker dies', () => {
  test('N1 a batch fails whole with Retry-After, and sent again when it is back every frame is there once', async () => {
    const now = Date.now()
    const batch = Array.from({ length: 20 }, (_, i) => rawFrame('patient', now - i))
    expect((await send(batch.slice(0, 5))).body).toMatchObject({ acceptedFrames: 5 })
    const { port } = broker
    broker.kill()
    await broker.exited

    const refused = await send(batch)
    expect(refused).toMatchObject({ status: 503, body: { code: 'BROKER_UNAVAILABLE' } })
    expect(Number(refused.retryAfter)).toBeGreaterThan(0)
    await expect(ingest.rpc.publish({ frames: batch })).rejects.toMatchObject({
      kind: 'retryable',
      code: 'BROKER_UNAVAILABLE',
    })

    broker = await start(port)
    const answer = await eventually(
      async () => {
        const again = await send(batch)
        expect(again.status).toBe(200)
        return again
      },
      { timeoutMs: 20_000 },
    )
    const { acceptedFrames, duplicateFrames } = answer.body as unknown as telemetry.PublishResponse
    expect(acceptedFrames + duplicateFrames).toBe(20)
    const reader = await connect()
    const frames = await collectFrames(reader, 'after-the-crash')
    const patient = () => frames.filter(({ message }) => message.vehicleId === 'patient')
    await eventually(() => expect(patient()).toHaveLength(20))
    expect(new Set(patient().map(({ message }) => message.deviceTimeMs)).size).toBe(20)
    await reader.drain()
  }, 60_000)
})
