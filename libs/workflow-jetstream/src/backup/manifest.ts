/**
 * What a backup holds. It is written last, so a backup without one was not finished and is none; it carries its own digest,
 * and the size and digest of every other file.
 */
import { createHash } from 'node:crypto'
import type { StreamConfig, StreamState } from '@nats-io/jetstream'
import { Terminal, toFailure } from '@pitcrew/errors'
import { once, readAll, type BackupTarget, type WrittenFile } from './target.ts'

export const manifestPath = 'manifest.json'
const formatVersion = 1

export interface SavedStream {
  name: string
  file: string
  config: StreamConfig
  state: StreamState
  /**
   * How far each durable consumer had come before any table was read: what is behind that is in the tables. A restore winds
   * the consumers back to it.
   */
  consumers: { name: string; floor: number }[]
}

export interface SavedTable {
  table: string
  file: string
  columns: string[]
  rows: number
}

export interface SavedSchema {
  schema: string
  /** JSON: what makes the tables, and what is added once they are filled. */
  definition: string
  tables: SavedTable[]
}

export interface BackupManifest {
  format: 'pitcrew-backup'
  version: number
  /** ISO 8601. */
  startedAt: string
  finishedAt: string
  /** Version of the nats-server that it was taken from. */
  server: string
  /** Of the workflow log; 0 where there is none. */
  partitions: number
  streams: SavedStream[]
  left: { name: string; why: string }[]
  sql: { kind: string; schemas: SavedSchema[] } | null
  files: WrittenFile[]
}

export async function writeManifest(target: BackupTarget, manifest: BackupManifest): Promise<void> {
  const sealed = { ...manifest, sha256: digestOf(manifest) }
  await target.write(manifestPath, once(`${JSON.stringify(sealed, null, 2)}\n`))
}

/** @throws Terminal NO_BACKUP, MANIFEST_DAMAGED, BACKUP_TOO_NEW */
export async function readManifest(target: BackupTarget): Promise<BackupManifest> {
  const text = await readText(target)
  const { sha256, ...manifest } = parse(target, text)
  if (manifest.format !== 'pitcrew-backup') throw damaged(target, 'it is not one of a backup')
  if (manifest.version > formatVersion) {
    throw new Terminal(
      'BACKUP_TOO_NEW',
      `${target.place} has format ${manifest.version}, this version reads up to ${formatVersion}`,
      { hint: 'use the version of Pitcrew that wrote it, or a newer one' },
    )
  }
  if (digestOf(manifest) !== sha256) throw damaged(target, 'it does not match its own digest')
  return manifest
}

const digestOf = (manifest: BackupManifest): string =>
  createHash('sha256').update(JSON.stringify(manifest)).digest('hex')

async function readText(target: BackupTarget): Promise<string> {
  try {
    return (await readAll(target.read(manifestPath))).toString()
  } catch (error) {
    if (toFailure(error).code !== 'FILE_NOT_FOUND') throw error
    throw new Terminal('NO_BACKUP', `${target.place} has no ${manifestPath}`, {
      cause: error,
      hint: 'a backup that was broken off has none and cannot be used; ./pitcrew backup list shows those that are whole',
    })
  }
}

function parse(target: BackupTarget, text: string): BackupManifest & { sha256: string } {
  try {
    const parsed = JSON.parse(text) as (BackupManifest & { sha256: string }) | null
    if (typeof parsed === 'object' && parsed !== null) return parsed
  } catch {
    // told below: for its reader both are a manifest that is none
  }
  throw damaged(target, 'it is not JSON')
}

const damaged = (target: BackupTarget, why: string): Terminal =>
  new Terminal('MANIFEST_DAMAGED', `${target.place}/${manifestPath}: ${why}`, { hint: 'use another backup' })
