/** A database of its own for each test that asks: PostgreSQL in a container where Docker answers, else PGlite in memory. */
import { openDatabase } from '@pitcrew/database'
import { containersFor } from './docker.ts'
import { sayOnce } from './chosen.ts'
import { ownerLabel } from './orphans.ts'

export const postgresImage = 'postgres:17-alpine'

export interface TestDatabase {
  /** For openDatabase, or DATABASE_URL of a service. Empty at first. */
  readonly url: string
  stop(): Promise<void>
}

let count = 0

export async function testDatabase(): Promise<TestDatabase> {
  return (await containersFor(postgresImage)) ? testPostgres() : testPglite()
}

/** Kept open here, so that what a service wrote is still there when the test starts it again. */
export async function testPglite(): Promise<TestDatabase> {
  sayOnce('tests use PGlite in memory')
  const url = `pglite:memory:test-${process.pid}-${count++}`
  const keeper = await openDatabase({ url })
  return { url, stop: () => keeper.close() }
}

export async function testPostgres(): Promise<TestDatabase> {
  sayOnce(`tests use ${postgresImage} in a container`)
  const server = await sharedServer()
  const name = `test_${process.pid}_${count++}`
  // Whatever the locale of the image is.
  await administer(server.url, `create database ${name} encoding 'UTF8' template template0`)
  const url = new URL(server.url)
  url.pathname = `/${name}`
  return {
    url: url.href,
    async stop() {
      await administer(server.url, `drop database ${name} with (force)`)
      await server.release()
    },
  }
}

async function administer(url: string, sql: string): Promise<void> {
  const database = await openDatabase({ url, poolSize: 1 })
  try {
    await database.script(sql)
  } finally {
    await database.close()
  }
}

interface Server {
  url: string
  stop(): Promise<unknown>
}

/** One container for a spec file, until the last of its databases is stopped. */
let shared: { server: Promise<Server>; users: number } | undefined

async function sharedServer(): Promise<{ url: string; release(): Promise<void> }> {
  const entry = (shared ??= { server: startServer(), users: 0 })
  entry.users++
  const { url, stop } = await entry.server
  return {
    url,
    async release() {
      if (--entry.users > 0) return
      if (shared === entry) shared = undefined
      await stop()
    },
  }
}

async function startServer(): Promise<Server> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql')
  // Nothing here has to outlive a power cut, and without syncing the tests are several times faster.
  const container = await new PostgreSqlContainer(postgresImage)
    .withLabels(ownerLabel)
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'full_page_writes=off'])
    .start()
  return { url: container.getConnectionUri(), stop: () => container.stop() }
}
