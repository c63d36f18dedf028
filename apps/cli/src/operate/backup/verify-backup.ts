/**
 * A backup that was never restored is a hope. So this restores it: every file is held against the manifest, then the streams go
 * onto a broker of their own in a temporary folder and the workflow log is read there as the engine would read it.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toFailure } from '@pitcrew/errors'
import { red } from '../../print/colour.ts'
import { tick } from '../../print/ticks.ts'
import { json, line } from '../output.ts'
import { privateCluster } from './cluster.ts'
import {
  checkFiles,
  readManifest,
  restoreBackup,
  sound,
  verifyWorkflows,
  type BackupManifest,
  type BackupTarget,
  type DamagedFile,
  type PartitionReport,
} from './engine.ts'
import { frameProgress } from './frame-progress.ts'
import { logReport } from './log-report.ts'
import { backupAt } from './place.ts'
import { checkRows } from './check-rows.ts'
import { size } from './sizes.ts'

export interface VerifyBackupOptions {
  json?: boolean
  filesOnly?: boolean
}

/** True when it is whole and sound. */
export async function verifyBackup(path: string, { json: asJson, filesOnly }: VerifyBackupOptions): Promise<boolean> {
  const target = await backupAt(path)
  const manifest = await readManifest(target)
  const files = await checkFiles(target, manifest)
  const rows = files.length > 0 ? [] : await checkRows(target, manifest)
  const damaged = [...files, ...rows]
  const tried = damaged.length > 0 || filesOnly ? undefined : await tryOut(target, manifest, asJson === true)
  const whole =
    damaged.length === 0 && (tried === undefined || tried.refused === undefined) && sound(tried?.partitions ?? [])
  if (asJson) json({ backup: target.place, whole, damaged, ...tried })
  else say(target, manifest, damaged, tried)
  return whole
}

interface Tried {
  partitions: PartitionReport[]
  /** Why the broker did not take it. */
  refused?: { code: string; message: string }
}

async function tryOut(target: BackupTarget, manifest: BackupManifest, quiet: boolean): Promise<Tried> {
  const folder = mkdtempSync(join(tmpdir(), 'pitcrew-verify-'))
  const progress = frameProgress()
  const onProgress = (words: string): void => void (quiet || line(tick('ok', words)))
  try {
    const cluster = await privateCluster(folder)
    try {
      const { connection } = cluster.messaging
      await restoreBackup({ connection, target, manifest, withTables: true, replicas: 1, onProgress })
      if (manifest.partitions === 0) return { partitions: [] }
      return { partitions: await verifyWorkflows(connection, { onProgress: progress.show }) }
    } finally {
      await cluster.close()
    }
  } catch (error) {
    const { kind, code, message } = toFailure(error)
    if (kind !== 'terminal') throw error
    return { partitions: [], refused: { code, message } }
  } finally {
    progress.done()
    rmSync(folder, { recursive: true, force: true })
  }
}

function say(target: BackupTarget, { files }: BackupManifest, damaged: DamagedFile[], tried: Tried | undefined): void {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  if (damaged.length === 0) line(tick('ok', `${files.length} files, ${size(bytes)}, are as they were written`))
  for (const { path, why } of damaged) line(tick('fail', path, { words: why }))
  if (tried?.refused) line(red(`${tried.refused.code}: ${tried.refused.message}`))
  else if (tried) line(`\n${logReport(tried.partitions)}`)
  line(`\n${target.place}`)
}
