/**
 * What a backup is taken of, or restored onto: a broker and a database. Either those of NATS_URL and DATABASE_URL, or those
 * of a data folder, whether or not a platform runs on it.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ensureIdentities, findNatsServer, startBroker } from '@pitcrew/broker'
import { openDatabase, type Database } from '@pitcrew/database'
import { Terminal } from '@pitcrew/errors'
import { connectMessaging, type Messaging } from '@pitcrew/messaging'
import { createTelemetry } from '@pitcrew/observability'
import { binDir, callerDir } from '../../platform/checkout.ts'
import type { Env } from '../../platform/hosted-service.ts'
import { runningState } from '../../platform/state-file.ts'
import { sqlSource } from './sql-export.ts'
import { tablesOfPlatform } from './tables-door.ts'
import type { SqlSource } from './engine.ts'

export interface Cluster {
  words: string
  messaging: Messaging
  close(): Promise<void>
}

export interface ClusterOptions {
  data: string
  env?: Env
}

type Closing = () => Promise<unknown>

/** @throws Terminal PLATFORM_RUNS when it has to be stopped and one runs on the folder */
export async function openCluster({ data, env = process.env }: ClusterOptions, stopped = false): Promise<Cluster> {
  if (env.NATS_URL) return connect(env.NATS_URL, seedOf(env), [])
  const dataDir = resolve(callerDir(env), data)
  const running = runningState(dataDir)
  if (running && stopped) throw runs(dataDir)
  const { provisioner } = await ensureIdentities(join(dataDir, 'secrets'), ['provisioner'])
  if (running) return connect(running.urls.nats ?? '', provisioner.seed, [])
  const server = await findNatsServer({ cacheDir: binDir, env })
  const broker = await startBroker({
    executable: server.path,
    storeDir: join(dataDir, 'nats'),
    syncAlways: true,
    users: [{ nkey: provisioner.publicKey, inboxPrefix: '_INBOX_provisioner' }],
  })
  return connect(broker.url, provisioner.seed, [() => broker.stop()], `the data of ${dataDir}`)
}

/** A broker of its own in that folder, for trying out. */
export async function privateCluster(folder: string, env: Env = process.env): Promise<Cluster> {
  const server = await findNatsServer({ cacheDir: binDir, env })
  const broker = await startBroker({ executable: server.path, storeDir: join(folder, 'nats'), syncAlways: false })
  return connect(broker.url, undefined, [() => broker.stop()])
}

async function connect(url: string, nkeySeed: string | undefined, closings: Closing[], words = url): Promise<Cluster> {
  const instance = String(process.pid)
  const telemetry = createTelemetry({ service: 'provisioner', instance, logLevel: 'error' })
  closings.unshift(() => telemetry.shutdown())
  const close = async (): Promise<void> => {
    for (const closing of closings) await closing()
  }
  try {
    const messaging = await connectMessaging({ url, service: 'provisioner', instance, telemetry, nkeySeed })
    closings.unshift(() => messaging.drain())
    return { words: words.replaceAll(/\/\/[^@/]*@/g, '//'), messaging, close }
  } catch (error) {
    await close()
    throw error
  }
}

function seedOf({ NATS_NKEY_SEED: seed, NATS_NKEY_SEED_FILE: file }: Env): string | undefined {
  if (seed || !file) return seed || undefined
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new Terminal('BAD_CONFIG', `NATS_NKEY_SEED_FILE: "${file}" cannot be read, expected a file`, { cause })
  }
}

/** The tables to back up: of DATABASE_URL, of the folder, or through the platform that runs on it and holds them. */
export async function openTables(
  { data, env = process.env }: ClusterOptions,
  { messaging }: Cluster,
): Promise<{ sql: SqlSource; close(): Promise<void> }> {
  const dataDir = resolve(callerDir(env), data)
  if (!env.DATABASE_URL && !env.NATS_URL && runningState(dataDir))
    return { sql: await tablesOfPlatform(messaging), close: async () => {} }
  const database = await openTablesOf({ data, env })
  return { sql: sqlSource(database), close: () => database.close() }
}

export async function openTablesOf({ data, env = process.env }: ClusterOptions): Promise<Database> {
  if (env.DATABASE_URL) return openDatabase({ url: env.DATABASE_URL, poolSize: 2 })
  if (!env.NATS_URL) return openDatabase({ url: `pglite:${join(resolve(callerDir(env), data), 'postgres')}` })
  throw new Terminal('BAD_CONFIG', 'NATS_URL is set and DATABASE_URL is not, expected both', {
    hint: 'set DATABASE_URL, or --without-sql for the streams alone',
  })
}

const runs = (dataDir: string): Terminal =>
  new Terminal('PLATFORM_RUNS', `a platform runs on ${dataDir}, expected none`, {
    hint: './pitcrew down, or --data with a new folder',
  })
