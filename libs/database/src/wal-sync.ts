/**
 * PGlite writes its files but never syncs them: WebAssembly has no fsync there, whatever the settings say. A killed process
 * loses nothing by that, a power cut would. So the write-ahead log is synced here, after each commit and before its caller
 * hears of it.
 *
 * 1. flush() resolves only after a sync that began when or after it was called.
 * 2. Callers that come while a sync runs share the next one, so many commits cost one sync.
 * 3. When a checkpoint has moved (pg_control changed), the data files are synced too: the log no longer covers them.
 */
import { type Dirent } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { failureOf } from './failures.ts'

export interface WalSync {
  flush(): Promise<void>
}

/** File times move in ticks of the kernel (up to 10 ms), so a file written just before the last sync may look unchanged. */
const tickMs = 50

export function walSync(directory: string): WalSync {
  const control = join(directory, 'global', 'pg_control')
  let logSyncedAt = 0
  let treeSyncedAt = 0
  let checkpoint: number | undefined

  const run = async () => {
    const began = Date.now()
    const found = await modifiedAt(control)
    if (checkpoint !== undefined && checkpoint !== found) {
      await syncChanged(directory, treeSyncedAt - tickMs)
      treeSyncedAt = began
    } else {
      await syncChanged(join(directory, 'pg_wal'), logSyncedAt - tickMs)
    }
    checkpoint = found
    logSyncedAt = began
  }
  return { flush: shareRuns(run) }
}

function shareRuns(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const begin = () => {
    next = undefined
    running = run()
      .catch((error) => {
        throw failureOf(error)
      })
      .finally(() => (running = undefined))
    return running
  }
  // Whoever waited for the running one hears of its failure; the next one tries again by itself.
  return () => (running === undefined ? begin() : (next ??= running.then(begin, begin)))
}

async function syncChanged(folder: string, since: number): Promise<void> {
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await syncChanged(path, since)
    else if ((await modifiedAt(path)) >= since) await syncFile(path)
  }
}

// Files come and go under us (segments recycled, tables dropped): one that is gone has nothing to sync.

async function entriesOf(folder: string): Promise<Dirent[]> {
  return (await ifPresent(readdir(folder, { withFileTypes: true }))) ?? []
}

async function modifiedAt(path: string): Promise<number> {
  return (await ifPresent(stat(path)))?.mtimeMs ?? 0
}

async function syncFile(path: string): Promise<void> {
  const file = await ifPresent(open(path, 'r+'))
  if (file === undefined) return
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}

async function ifPresent<T>(attempt: Promise<T>): Promise<T | undefined> {
  try {
    return await attempt
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
