import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Terminal } from '@pitcrew/errors'
import { withFileLock } from './file-lock.ts'
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts'

/**
 * Owns who may run a nats-server on a store; the server itself does not keep a second one out, and two would destroy it.
 *
 * 1. The claim (`broker.json` in the store) names the process that owns it and, once it runs, the server.
 * 2. A claim is refused while its owner lives and its server lives or is about to: nobody's server is taken from him.
 * 3. A server that lives without its owner is stopped before the store is claimed, but only if it is the very process of
 *    the claim and runs on our configuration file.
 */
export interface StoreClaim {
  /** How the run before this one ended, as far as the store tells. */
  previousRun: PreviousRun
  /** Names the server that now runs on the store. */
  serverStarted(pid: number): void
  /** The store was left in order; the next run finds no trace of this one. */
  release(): void
}

/** `orphaned`: its owner was gone and its server still ran; it was stopped. */
export type PreviousRun = 'clean' | 'crashed' | 'orphaned'

type Process = Pick<ProcessIdentity, 'pid' | 'startedAt'>
interface Record {
  owner: Process
  server?: Process
}

export async function claimStore(storeDir: string, configPath: string, stopWithinMs = 10_000): Promise<StoreClaim> {
  const file = join(storeDir, 'broker.json')
  mkdirSync(storeDir, { recursive: true })
  const owner = self()
  const previousRun = await withFileLock(join(storeDir, '.claim'), stopWithinMs * 2, async () => {
    const previous = read(file)
    const ended = previous ? await endOf(previous, storeDir, configPath, stopWithinMs) : 'clean'
    write(file, { owner })
    return ended
  })
  return {
    previousRun,
    serverStarted: (pid) => write(file, { owner, server: { pid, startedAt: identify(pid)?.startedAt ?? '' } }),
    release: () => rmSync(file, { force: true }),
  }
}

async function endOf(record: Record, storeDir: string, configPath: string, stopWithinMs: number): Promise<PreviousRun> {
  const { owner, server } = record
  const running = server ? identify(server.pid) : undefined
  const ours = server && running?.startedAt === server.startedAt && running.command.includes(configPath)
  const ownerLives = isAlive(owner)
  if (ownerLives && (ours || !server)) throw inUse(storeDir, record)
  if (!ours) return 'crashed'
  await end(server, stopWithinMs)
  return 'orphaned'
}

async function end(server: Process, withinMs: number): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    process.kill(server.pid, signal)
    const deadline = Date.now() + withinMs
    while (isAlive(server) && Date.now() < deadline) await delay(20)
    if (!isAlive(server)) return
  }
  throw new Terminal(
    'BROKER_ORPHAN_STUCK',
    `process ${server.pid}, a nats-server left over on this store, does not end`,
    {
      hint: `end process ${server.pid} by hand`,
    },
  )
}

function inUse(storeDir: string, { owner, server }: Record): Terminal {
  const who = server ? `process ${server.pid} (started by ${owner.pid})` : `process ${owner.pid}, which is starting one`
  return new Terminal('BROKER_STORE_IN_USE', `the store ${storeDir} is in use by another nats-server: ${who}`, {
    hint: './pitcrew down stops it; or choose another data folder',
    details: { owner: owner.pid, server: server?.pid },
  })
}

function self(): Process {
  return { pid: process.pid, startedAt: identify(process.pid)?.startedAt ?? '' }
}

/** Written aside and renamed, so that a reader never sees half of it. */
function write(file: string, record: Record): void {
  writeFileSync(`${file}.next`, JSON.stringify(record))
  renameSync(`${file}.next`, file)
}

function read(file: string): Record | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Terminal('BROKER_CLAIM_UNREADABLE', `${file} cannot be read: ${(error as Error).message}`, {
      hint: `make sure that no nats-server runs on this store, then delete ${file}`,
      cause: error,
    })
  }
}
