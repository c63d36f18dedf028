/**
 * The tables of an all-in-one while it runs: PGlite belongs to one process, so the platform itself writes them out when it
 * is asked, to a folder of its own, and whoever asked takes them from there. Only the provisioner's identity may ask.
 *
 * 1. One export at a time; what an earlier one left is removed first.
 * 2. The platform chooses the folder: nobody can have it write anywhere else.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '@pitcrew/database'
import { fromWire, Retryable, toFailure, toWire, type WireFailure } from '@pitcrew/errors'
import { connectMessaging, type Messaging } from '@pitcrew/messaging'
import { createTelemetry } from '@pitcrew/observability'
import { folderTarget, type SavedSchema, type SqlSource } from './engine.ts'
import { sqlSource } from './sql-export.ts'

const subject = 'pitcrew.tables'
const exportWithinMs = 10 * 60_000

type Request = { op: 'schemas' } | { op: 'save'; schema: string }
type Answer = { kind: string; schemas: string[] } | { folder: string; saved: SavedSchema } | { error: WireFailure }

export interface GiveOutOptions {
  natsUrl: string
  nkeySeed: string | undefined
  databaseUrl: string
  dataDir: string
}

/** For the process that runs the platform, for as long as it does; gives what ends it. */
export async function giveOutTables(options: GiveOutOptions): Promise<() => Promise<void>> {
  const { natsUrl: url, nkeySeed, databaseUrl, dataDir } = options
  const folder = join(dataDir, 'backup-tables')
  const instance = `tables-${process.pid}`
  const telemetry = createTelemetry({ service: 'provisioner', instance, logLevel: 'error' })
  const messaging = await connectMessaging({ url, service: 'provisioner', instance, telemetry, nkeySeed })
  const database = await openDatabase({ url: databaseUrl, poolSize: 1 })
  await messaging.respond(subject, {}, inTurn(answerFrom(sqlSource(database), folder)))
  return async () => {
    await messaging.drain()
    await database.close()
    await telemetry.shutdown()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Answering = (request: Request) => Promise<Answer>

const answerFrom =
  (sql: SqlSource, folder: string): Answering =>
  async (request) => {
    if (request.op === 'schemas') return { kind: sql.kind, schemas: await sql.schemas() }
    rmSync(folder, { recursive: true, force: true })
    return { folder, saved: await sql.save(request.schema, folderTarget(folder)) }
  }

function inTurn(answer: Answering): (data: Uint8Array) => Promise<Uint8Array> {
  let last: Promise<unknown> = Promise.resolve()
  return async (data) => {
    const request = JSON.parse(Buffer.from(data).toString()) as Request
    const mine = last.then(() => answer(request)).catch((error: unknown) => ({ error: toWire(toFailure(error)) }))
    last = mine
    return Buffer.from(JSON.stringify(await mine))
  }
}

/** @throws Retryable TABLES_NOT_OFFERED */
export async function tablesOfPlatform(messaging: Messaging): Promise<SqlSource> {
  const { kind } = await ask<{ kind: string }>(messaging, { op: 'schemas' })
  return {
    kind,
    schemas: async () => (await ask<{ schemas: string[] }>(messaging, { op: 'schemas' })).schemas,
    async save(schema, target) {
      const { folder, saved } = await ask<{ folder: string; saved: SavedSchema }>(messaging, { op: 'save', schema })
      const files = folderTarget(folder)
      for (const path of [...saved.tables.map(({ file }) => file), saved.definition])
        await target.write(path, files.read(path))
      return saved
    },
  }
}

async function ask<T>(messaging: Messaging, request: Request): Promise<T> {
  let data: Uint8Array
  try {
    data = await messaging.request(subject, Buffer.from(JSON.stringify(request)), { timeoutMs: exportWithinMs })
  } catch (cause) {
    throw new Retryable('TABLES_NOT_OFFERED', 'the platform that runs does not give out its tables', {
      cause,
      hint: 'stop it (./pitcrew down) and take the backup from its data folder, or --without-sql for the streams alone',
    })
  }
  const answer = JSON.parse(Buffer.from(data).toString()) as T & { error?: WireFailure }
  if (answer.error) throw fromWire(answer.error)
  return answer
}
