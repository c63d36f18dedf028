/**
 * The backups of one place, and which of them go. Each lies below a name that sorts by time.
 *
 * 1. Only what is older than the newest `keep` whole backups is removed, so a backup that failed never pushes out a good one.
 * 2. The manifest goes first: what is half removed is no backup any more.
 */
import { toFailure } from '@pitcrew/errors'
import { manifestPath, readManifest, type BackupManifest } from './manifest.ts'
import type { BackupTarget } from './target.ts'

export type KnownBackup = { name: string; bytes: number } & (
  { is: 'whole'; manifest: BackupManifest } | { is: 'unfinished' | 'damaged' }
)

/** `20261120T120000000Z` */
export const backupName = (now: Date): string => now.toISOString().replaceAll(/[-:.]/g, '')
const isName = (name: string): boolean => /^\d{8}T\d{9}Z$/.test(name)

/** The newest first. */
export async function listBackups(place: BackupTarget): Promise<KnownBackup[]> {
  const names = new Set((await place.list()).map((path) => path.split('/')[0] as string).filter(isName))
  return Promise.all(
    [...names]
      .sort()
      .reverse()
      .map((name) => known(place.below(name), name)),
  )
}

async function known(target: BackupTarget, name: string): Promise<KnownBackup> {
  try {
    const manifest = await readManifest(target)
    return { name, is: 'whole', manifest, bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0) }
  } catch (error) {
    const { code, kind } = toFailure(error)
    if (kind !== 'terminal') throw error
    return { name, is: code === 'NO_BACKUP' ? 'unfinished' : 'damaged', bytes: 0 }
  }
}

/** Removes what is older than the newest `keep` whole backups; gives the names that went. */
export async function pruneBackups(place: BackupTarget, keep: number): Promise<string[]> {
  const backups = await listBackups(place)
  const oldestKept = backups
    .filter(({ is }) => is === 'whole')
    .slice(0, keep)
    .at(-1)
  if (keep < 1 || oldestKept === undefined) return []
  const old = backups.filter(({ name }) => name < oldestKept.name)
  for (const { name } of old) await removeBackup(place.below(name))
  return old.map(({ name }) => name)
}

async function removeBackup(target: BackupTarget): Promise<void> {
  const paths = await target.list()
  if (paths.includes(manifestPath)) await target.remove(manifestPath)
  for (const path of paths) if (path !== manifestPath) await target.remove(path)
}
