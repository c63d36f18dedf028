/**
 * Owns: the order in which a running platform is copied, so that what is restored is a state from which everything goes on.
 *
 * Nothing is stopped, so the parts are of different moments. What makes them fit:
 *
 *  B1 Consumers first. How far each had come is noted before any table is read, and a restore winds them back to it: what they
 *     had handled by then is in the tables, what they handled later comes again, which every handler bears (N1).
 *  B2 Projections of the log before the log. They are behind it, and their consumers bring what they lack.
 *  B3 Snapshots before logs. A snapshot is never ahead of its log, and if the log was cut meanwhile so that the two do not
 *     meet, the round is made again.
 *  B4 Work queues before the log: what waits in one was asked for by a transition that is in the log. Once handed out again,
 *     the task's id and attempt make the second one harmless.
 *  B5 Other tables after the log: what agents did is there when the log says that it was done. What they did later is asked
 *     of them again under the same task id, and they answer as before.
 *  B6 Other streams last: an outbox row that was sent is in its stream.
 *  B7 The manifest is written last. Without it there is no backup.
 */
import { RetentionPolicy, type StreamInfo } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { Retryable, Terminal, toFailure } from '@pitcrew/errors'
import { logStream, snapshotStream } from '../streams.ts'
import { writeManifest, type BackupManifest, type SavedSchema, type SavedStream } from './manifest.ts'
import { snapshotManifest } from './snapshot-manifest.ts'
import type { SqlSource } from './sql-source.ts'
import { allStreams, durableConsumers } from './stream-api.ts'
import { snapshotStream as readStream } from './stream-snapshot.ts'
import type { BackupTarget, WrittenFile } from './target.ts'

export interface TakeOptions {
  connection: NatsConnection
  target: BackupTarget
  sql?: SqlSource
  /** Schemas whose tables follow from the log. */
  projections?: readonly string[]
  /** Names of streams to leave out; default TELEMETRY, whose readings are analysed already. */
  without?: readonly string[]
  inboxPrefix?: string
  onProgress?: (words: string) => void
}

/** Always left out: who leads what is found anew by those who live. */
const neverSaved: ReadonlyMap<string, string> = new Map([['KV_leases', 'leases are of the processes that ran']])
const rounds = 5
const attempts = 10

/** @throws Terminal PLACE_TAKEN; Retryable LOG_MOVED, SNAPSHOT_CUT_OFF, BROKER_UNAVAILABLE */
export async function takeBackup(options: TakeOptions): Promise<BackupManifest> {
  await refuseTaken(options.target)
  const startedAt = new Date().toISOString()
  const take = new Take(options)
  const streams = await allStreams(options.connection)
  const { saved, left } = chosen(streams, options.without ?? ['TELEMETRY'])
  const partitions = saved.filter(({ config }) => /^WORKFLOW_LOG_\d+$/.test(config.name)).length
  const isOfLog = ({ config }: StreamInfo): boolean => /^WORKFLOW_(LOG|SNAPSHOT)_\d+$/.test(config.name)
  const isQueue = ({ config }: StreamInfo): boolean => config.retention === RetentionPolicy.Workqueue
  const others = saved.filter((stream) => !isOfLog(stream))

  await take.noteFloors(others)
  for (const { config } of others.filter(isQueue)) await take.stream(config.name)
  await take.log(partitions)
  await take.schemas((schema) => !take.isProjection(schema))
  for (const { config } of others.filter((stream) => !isQueue(stream))) await take.stream(config.name)

  const manifest: BackupManifest = {
    format: 'pitcrew-backup',
    version: 1,
    startedAt,
    finishedAt: new Date().toISOString(),
    server: options.connection.info?.version ?? '',
    partitions,
    left,
    ...take.taken(),
  }
  await writeManifest(options.target, manifest)
  return manifest
}

async function refuseTaken(target: BackupTarget): Promise<void> {
  if ((await target.list()).length === 0) return
  throw new Terminal('PLACE_TAKEN', `${target.place} holds something already, expected an empty place`, {
    hint: 'give each backup a place of its own',
  })
}

function chosen(streams: StreamInfo[], without: readonly string[]) {
  const why = ({ config: { name, storage, sealed, mirror } }: StreamInfo): string | undefined => {
    if (without.includes(name)) return 'left out as asked'
    if (storage === 'memory') return 'it is in memory only'
    if (mirror !== undefined && !sealed) return `it mirrors ${mirror.name}`
    if (name.startsWith('$MQTT_')) return 'readings on their way in, and sessions that devices open anew'
    return neverSaved.get(name)
  }
  const left = streams.flatMap((stream) => {
    const reason = why(stream)
    return reason === undefined ? [] : [{ name: stream.config.name, why: reason }]
  })
  return { saved: streams.filter((stream) => why(stream) === undefined), left }
}

class Take {
  readonly #options: TakeOptions
  readonly #floors = new Map<string, SavedStream['consumers']>()
  readonly #streams = new Map<string, SavedStream>()
  readonly #schemas = new Map<string, SavedSchema>()
  readonly #files = new Map<string, WrittenFile>()
  readonly #target: BackupTarget

  constructor(options: TakeOptions) {
    this.#options = options
    const { target } = options
    const write: BackupTarget['write'] = async (path, content) => {
      const file = await target.write(path, content)
      this.#files.set(path, file)
      return file
    }
    this.#target = { ...target, write }
  }

  taken(): Pick<BackupManifest, 'streams' | 'sql' | 'files'> {
    const { sql } = this.#options
    return {
      streams: [...this.#streams.values()],
      sql: sql ? { kind: sql.kind, schemas: [...this.#schemas.values()] } : null,
      files: [...this.#files.values()],
    }
  }

  isProjection(schema: string): boolean {
    return this.#options.projections?.includes(schema) ?? false
  }

  async noteFloors(streams: readonly { config: { name: string } }[]): Promise<void> {
    for (const { config } of streams) {
      const consumers = await durableConsumers(this.#options.connection, config.name)
      const floors = consumers.map(({ name, ack_floor }) => ({ name, floor: ack_floor.stream_seq }))
      this.#floors.set(config.name, floors)
    }
  }

  async stream(name: string): Promise<SavedStream> {
    const { connection, inboxPrefix, onProgress } = this.#options
    const { config, state, chunks } = await readStream(
      connection,
      name,
      inboxPrefix === undefined ? {} : { inboxPrefix },
    )
    const { path, bytes } = await this.#target.write(`streams/${name}.snapshot`, chunks)
    const saved: SavedStream = { name, file: path, config, state, consumers: this.#floors.get(name) ?? [] }
    this.#streams.set(name, saved)
    onProgress?.(`stream ${name}: ${state.messages} messages, ${bytes} bytes`)
    return saved
  }

  async schemas(wanted: (schema: string) => boolean): Promise<void> {
    const { sql, onProgress } = this.#options
    for (const schema of sql ? await sql.schemas() : []) {
      if (!wanted(schema)) continue
      const saved = await sql!.save(schema, this.#target)
      this.#schemas.set(schema, saved)
      onProgress?.(`schema ${schema}: ${saved.tables.reduce((sum, { rows }) => sum + rows, 0)} rows`)
    }
  }

  /** B1 to B3 for the log, again until they hold. */
  async log(partitions: number): Promise<void> {
    const numbers = Array.from({ length: partitions }, (_, number) => number)
    for (let round = 1; round <= rounds; round++) {
      await this.noteFloors(numbers.map((number) => ({ config: { name: logStream(number) } })))
      await this.schemas((schema) => this.isProjection(schema))
      const logs: SavedStream[] = []
      for (const number of numbers) logs.push(await this.#partition(number))
      if (logs.every(({ state, consumers }) => consumers.every(({ floor }) => state.first_seq <= floor + 1))) return
      this.#options.onProgress?.('the log was cut ahead of the tables, once more')
    }
    throw moved('the log', rounds)
  }

  /** The partition's snapshot and a log that goes on from it. */
  async #partition(number: number): Promise<SavedStream> {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const covered = (await snapshotManifest(this.#options.connection, number))?.sequence ?? 0
      try {
        await this.stream(snapshotStream(number))
        const log = await this.stream(logStream(number))
        if (log.state.first_seq <= covered + 1) return log
      } catch (error) {
        if (toFailure(error).code !== 'SNAPSHOT_CUT_OFF') throw error
      }
      this.#options.onProgress?.(`partition ${number} was cut meanwhile, once more`)
    }
    throw moved(`partition ${number}`, attempts)
  }
}

const moved = (what: string, times: number): Retryable =>
  new Retryable('LOG_MOVED', `${what} was cut during each of ${times} attempts`, {
    hint: 'take the backup when less is going on, or raise WORKFLOW_SNAPSHOT_EVERY',
  })
