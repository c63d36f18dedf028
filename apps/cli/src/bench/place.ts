/**
 * Where a run keeps its things: under the checkout rather than in /tmp, which may be in memory; fsync has to cost what it
 * costs. The folder of a run goes with it; one that a killed run left behind goes with the next.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startOf } from '../platform/process-identity.ts'
import type { Place } from './contender.ts'

const runFolder = /^run-(\d+)$/

/** The folders are there; `remove` ends the run's own. */
export function makePlace(benchDir: string): Place & { remove(): void } {
  const place = { cacheDir: join(benchDir, 'peers'), runDir: join(benchDir, `run-${process.pid}`) }
  mkdirSync(place.cacheDir, { recursive: true })
  for (const name of readdirSync(benchDir)) {
    const pid = runFolder.exec(name)?.[1]
    if (pid !== undefined && startOf(Number(pid)) === undefined) removeFolder(join(benchDir, name))
  }
  // PostgreSQL may run as another user, who has to get to its folder.
  mkdirSync(place.runDir, { recursive: true, mode: 0o755 })
  return { ...place, remove: () => removeFolder(place.runDir) }
}

const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
