import { table } from '../../print/table.ts'
import { tick } from '../../print/ticks.ts'
import { json, line } from '../output.ts'
import { wholeNumber } from './count.ts'
import { listBackups, pruneBackups, type KnownBackup } from './engine.ts'
import { placeOf } from './place.ts'
import { size } from './sizes.ts'

export async function listAll(path: string, options: { json?: boolean }): Promise<void> {
  const backups = await listBackups(placeOf(path))
  if (options.json) return json(backups.map(summary))
  line(
    backups.length === 0
      ? 'there are no backups'
      : table(['backup', 'is', 'size', 'streams', 'rows'], backups.map(row)),
  )
}

export async function prune(path: string, options: { keep: string; json?: boolean }): Promise<void> {
  const removed = await pruneBackups(placeOf(path), wholeNumber('--keep', options.keep))
  if (options.json) return json({ removed })
  for (const name of removed) line(tick('ok', `removed ${name}`))
  if (removed.length === 0) line('nothing to remove')
}

function summary(backup: KnownBackup) {
  const { name, is, bytes } = backup
  if (backup.is !== 'whole') return { name, is, bytes }
  const { finishedAt, server, partitions } = backup.manifest
  return { name, is, bytes, finishedAt, server, partitions }
}

function row(backup: KnownBackup): (string | number)[] {
  if (backup.is !== 'whole') return [backup.name, backup.is, '', '', '']
  const { streams, sql } = backup.manifest
  const rows = sql?.schemas.flatMap(({ tables }) => tables).reduce((sum, { rows }) => sum + rows, 0)
  return [backup.name, backup.is, size(backup.bytes), streams.length, rows ?? 'none']
}
