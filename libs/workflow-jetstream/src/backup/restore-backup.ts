/**
 * Owns: putting a backup onto a broker that has none of it.
 *
 *  R1 Only onto an empty broker: when it holds any message of a stream that is restored, or the log of a platform, nothing is
 *     changed. What is there is somebody's.
 *  R2 A stream that the platform has provisioned and never used is empty too: it is replaced, since it holds nothing.
 *  R3 Every file is checked before the first stream is made, and each stream is made whole or not at all.
 *  R4 Consumers go on from where the restored tables are (see take-backup.ts B1).
 */
import type { StreamInfo } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { Terminal } from '@pitcrew/errors'
import { checkFiles } from './check-files.ts'
import type { BackupManifest, SavedStream } from './manifest.ts'
import { allStreams, callApi, durableConsumers } from './stream-api.ts'
import { restoreStream } from './stream-restore.ts'
import type { BackupTarget } from './target.ts'

export interface RestoreOptions {
  connection: NatsConnection
  target: BackupTarget
  manifest: BackupManifest
  /** Of each stream; default what it had. */
  replicas?: number
  /** Whether the tables are restored as well. Without them the projections are made again from all of the log. */
  withTables: boolean
  onProgress?: (words: string) => void
}

/** @throws Terminal NOT_EMPTY, BACKUP_DAMAGED, RESTORE_REFUSED; Retryable BROKER_UNAVAILABLE */
export async function restoreBackup(options: RestoreOptions): Promise<void> {
  const { connection, target, manifest, onProgress } = options
  const present = await refuseUnlessEmpty(connection, manifest)
  await refuseDamaged(target, manifest)
  for (const { config } of present) await callApi(connection, `STREAM.DELETE.${config.name}`)
  for (const stream of manifest.streams) {
    const restored = await restoreOne(options, stream)
    await windBack(options, stream)
    onProgress?.(`stream ${stream.name}: ${restored.state.messages} messages`)
  }
}

/**
 * The empty streams that are in the way. Also what a restore asks before it touches anything else.
 * @throws Terminal NOT_EMPTY
 */
export async function refuseUnlessEmpty(
  connection: NatsConnection,
  { streams }: BackupManifest,
): Promise<StreamInfo[]> {
  const wanted = new Set(streams.map(({ name }) => name))
  const ofLog = (name: string): boolean => /^WORKFLOW_(LOG|SNAPSHOT)_\d+$/.test(name)
  const present = (await allStreams(connection)).filter(({ config: { name } }) => wanted.has(name) || ofLog(name))
  // A stream whose messages were all taken or have expired was in use as well.
  const used = present.filter(({ state }) => state.last_seq > 0)
  if (used.length === 0) return present
  const names = used.map(({ config }) => config.name)
  throw new Terminal('NOT_EMPTY', `the broker is in use: ${names.join(', ')} hold or have held messages`, {
    hint: 'restore onto a new broker (an empty data folder); nothing was changed, and no option makes this delete anything',
    details: { streams: names },
  })
}

async function refuseDamaged(target: BackupTarget, manifest: BackupManifest): Promise<void> {
  const [first, ...more] = await checkFiles(target, manifest)
  if (first === undefined) return
  const others = more.length > 0 ? ` (and ${more.length} more)` : ''
  throw new Terminal('BACKUP_DAMAGED', `${target.place}/${first.path}: ${first.why}${others}`, {
    hint: 'use another backup; nothing was changed',
  })
}

async function restoreOne(options: RestoreOptions, { name, file, config, state }: SavedStream): Promise<StreamInfo> {
  const { connection, target, replicas } = options
  const wanted = replicas === undefined ? config : { ...config, num_replicas: replicas }
  const restored = await restoreStream(connection, { config: wanted, state }, target.read(file))
  // More than the manifest says may have come while the snapshot was under way; less may not.
  if (restored.state.last_seq >= state.last_seq) return restored
  throw new Terminal(
    'RESTORE_INCOMPLETE',
    `stream ${name} ends at ${restored.state.last_seq}, expected ${state.last_seq} at least`,
    { hint: 'use another backup, on another empty broker' },
  )
}

async function windBack(
  { connection, manifest, withTables }: RestoreOptions,
  { name, config, consumers }: SavedStream,
): Promise<void> {
  if (config.retention === 'workqueue') return
  const rebuilt = /^WORKFLOW_LOG_\d+$/.test(name) && (!withTables || manifest.sql === null)
  const floors = new Map(consumers.map((consumer) => [consumer.name, consumer.floor]))
  for (const { name: consumer, config: kept } of await durableConsumers(connection, name)) {
    const floor = rebuilt ? 0 : (floors.get(consumer) ?? (kept.deliver_policy === 'all' ? 0 : undefined))
    // One that began with what was new, after the floors were noted: it has nothing to catch up with.
    if (floor === undefined) continue
    await callApi(connection, `CONSUMER.RESET.${name}.${consumer}`, { seq: floor + 1 })
  }
}
