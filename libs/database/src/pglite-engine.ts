/**
 * One PGlite per process and url, shared by everybody who opens it and closed with the last of them: it is one PostgreSQL
 * session in WebAssembly (480 MB), and a second one over the same files would destroy them.
 */
import { resolve } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import { lockDirectory } from './directory-lock.ts'
import { failureOf } from './failures.ts'
import { boot } from './pglite-boot.ts'
import { openSession, type PgliteSession } from './pglite-session.ts'
import { walSync } from './wal-sync.ts'

export interface PgliteEngine extends PgliteSession {
  /** Resolves when everything that was committed before the call is on the disk. */
  flush(): Promise<void>
}

interface Shared {
  users: number
  engine: Promise<PgliteEngine>
}

const shared = new Map<string, Shared>()
/** Engines on their way down: the next one over the same files waits for them. */
const stopping = new Map<string, Promise<void>>()

export async function acquireEngine(url: string): Promise<{ engine: PgliteEngine; release(): Promise<void> }> {
  const key = keyOf(url)
  const entry = shared.get(key) ?? start(key)
  entry.users++
  const release = async () => {
    if (--entry.users > 0) return
    shared.delete(key)
    const done = stop(entry)
    stopping.set(key, done)
    await done
    if (stopping.get(key) === done) stopping.delete(key)
  }
  try {
    return { engine: await entry.engine, release }
  } catch (error) {
    await release()
    throw failureOf(error)
  }
}

function keyOf(url: string): string {
  const place = url.slice('pglite:'.length)
  if (place === '') {
    throw new Terminal('BAD_DATABASE_URL', `found '${url}', expected pglite:<directory> or pglite:memory`, {
      hint: 'for example pglite:.pitcrew/database',
    })
  }
  return isMemory(place) ? place : resolve(place)
}

function isMemory(place: string): boolean {
  return place === 'memory' || place.startsWith('memory:')
}

function start(key: string): Shared {
  const before = stopping.get(key) ?? Promise.resolve()
  const engine = before.then(() => (isMemory(key) ? inMemory() : inDirectory(key)))
  const entry: Shared = { users: 0, engine }
  shared.set(key, entry)
  return entry
}

async function stop({ engine }: Shared): Promise<void> {
  const started = await engine.catch(() => undefined) // it never started, and whoever opened it was told
  await started?.close()
}

async function inMemory(): Promise<PgliteEngine> {
  let booted = false
  const session = await openSession(async () => {
    if (booted) throw new Terminal('DATABASE_LOST', 'a database in memory has stopped, and its content with it')
    booted = true
    return boot('memory://')
  })
  return { ...session, flush: async () => {} }
}

async function inDirectory(directory: string): Promise<PgliteEngine> {
  const lock = lockDirectory(directory)
  try {
    const session = await openSession(() => boot(directory))
    const { flush } = walSync(directory)
    return {
      ...session,
      flush,
      async close() {
        await session.close()
        await flush()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}
