import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
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
    await eventually(() => expect(frames).toHaveLength(20))
    expect(new Set(frames.map(({ message }) => message.deviceTimeMs)).size).toBe(20)
    await reader.drain()
  }, 60_000)
})
