import { resolve } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import { callerDir } from '../../platform/checkout.ts'
import { folderTarget, listBackups, manifestPath, type BackupTarget } from './engine.ts'

/** A folder, as the person who typed it means it. */
export const placeOf = (path: string): BackupTarget => folderTarget(resolve(callerDir(), path))

/** The backup of that path, or the newest whole one of a place that holds several. */
export async function backupAt(path: string): Promise<BackupTarget> {
  const place = placeOf(path)
  const files = await place.list()
  if (files.includes(manifestPath)) return place
  const newest = (await listBackups(place)).find(({ is }) => is === 'whole')
  if (newest) return place.below(newest.name)
  throw new Terminal('NO_BACKUP', `${place.place} holds no whole backup`, {
    hint: 'a backup that was broken off has no manifest.json and cannot be used; ./pitcrew backup create makes one',
  })
}
