import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { findNatsServer, startBroker, type Broker } from '@pitcrew/broker'
import { migrate, openDatabase, type Database } from '@pitcrew/database'
import { connectMessaging, provisionStreams, type Messaging } from '@pitcrew/messaging'
import { eventually, testTelemetry } from '@pitcrew/testing'
import { enqueue, relayOutbox } from '../src/index.ts'
import { changed, follow, outboxSchema, schema, type Seen } from './bench.ts'

let home: string
let broker: Broker
const telemetry = testTelemetry('scheduling')

const start = async (port: number) => {
  const { path } = await findNatsServer({ cacheDir: join(import.meta.dirname, '../../../.pitcrew/bin') })
  return startBroker({ executable: path, storeDir: join(home, 'store'), port, syncAlways: true })
}
const connect = (service: string) => connectMessaging({ url: broker.url, service, instance: 'test', telemetry })

async function following<T>(fn: (seen: Seen[]) => Promise<T>): Promise<T> {
  const reader = await connect('gateway')
  try {
    return await fn(await follow(reader))
  } finally {
    await reader.drain()
  }
}

async function relaying<T>(database: Database, fn: (messaging: Messaging, wake: () => void) => Promise<T>): Promise<T> {
  const messaging = await connect('scheduling')
  const relay = relayOutbox({ database, schema, messaging, telemetry, everyMs: 50 })
  try {
    return await fn(messaging, relay.wake)
  } finally {
    await relay.stop()
    await messaging.drain()
  }
}

const write = (database: Database, ...ids: string[]) =>
  database.transaction(async (tx) => {
    for (const id of ids) await enqueue(tx, schema, changed('case-1', id))
  })
const waiting = (database: Database) => database.query(`select id from ${schema}.outbox`)

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'pitcrew-outbox-'))
  broker = await start(0)
  const setup = await connect('orchestrator')
  await provisionStreams(setup.connection, { replicas: 1, fileStorage: true })
  await setup.drain()
}, 60_000)

afterEach(async () => {
  await broker.stop()
  rmSync(home, { recursive: true, force: true })
})

describe('N1 faults', () => {
  test('N1 2 a relay that is killed between publishing and removing: each event is there once, in order', async () => {
    const url = `pglite:${join(home, 'database')}`
    const before = await openDatabase({ url })
    await migrate(before, outboxSchema)
    await write(before, 'first', 'second')
    await before.close()

    const child = spawn(process.execPath, [join(import.meta.dirname, 'dies-after-publishing.ts'), url, broker.url])
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])

    const database = await openDatabase({ url })
    expect(await waiting(database)).toHaveLength(2)
    await following(async (seen) => {
      await eventually(() => expect(seen.map(({ id }) => id)).toEqual(['first']))
      await relaying(database, () => eventually(async () => expect(await waiting(database)).toEqual([])))
      await write(database, 'third')
      await relaying(database, () => eventually(() => expect(seen.at(-1)!.id).toBe('third')))
      expect(seen.map(({ id }) => id)).toEqual(['first', 'second', 'third'])
    })
    await database.close()
  }, 60_000)

  test('N1 5 while the broker is away events wait, and when it is back each leaves once', async () => {
    const database = await openDatabase({ url: 'pglite:memory' })
    await migrate(database, outboxSchema)
    const ids = Array.from({ length: 5 }, (_, n) => `event-${n}`)
    await relaying(database, async (_messaging, wake) => {
      const { port } = broker
      broker.kill()
      await broker.exited
      await write(database, ...ids)
      wake()
      expect(await waiting(database)).toHaveLength(5)
      broker = await start(port)
      await eventually(async () => expect(await waiting(database)).toEqual([]), { timeoutMs: 30_000 })
    })
    await following((seen) => eventually(() => expect(seen.map(({ id }) => id)).toEqual(ids)))
    await database.close()
  }, 60_000)
})
