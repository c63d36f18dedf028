/** What history costs, measured on the code that keeps it: `./pitcrew bench history`. */
import { telemetry } from '@pitcrew/contracts'
import { migrate, openDatabase, type Database } from '@pitcrew/database'
import { historyStore } from './adapters/history/history-store.ts'
import { ingestSchema } from './adapters/migrations.ts'
import { hourMs } from './domain/history/level.ts'
import { segmentsOf } from './domain/history/readings.ts'
import type { HistoryStore } from './handlers/history/ports.ts'

export interface HistoryFigures {
  frames: number
  readings: number
  /** Of a reading as it is written at first, and when its hour is merged; without what SQL adds to a row. */
  looseBytesPerReading: number
  bytesPerReading: number
  /** The same with rows and indexes, as the database has it. */
  storedBytesPerReading: number
  /** Of the minutes, and of the hours, of one signal in an hour. */
  minuteBytesPerSignalHour: number
  hourBytesPerSignalHour: number
  /** CPU: decoding frames and making segments of them; the statement that writes those; merging and rolling up. */
  encodeSeconds: number
  writeSeconds: number
  mergeSeconds: number
}

const lease = { partition: 0, epoch: 1 }
const farHour = Date.UTC(2100, 0) / hourMs

/** `batches`: what a partition is given at a time, all within one hour of device time. `url`: of an empty database. */
export async function measureHistory(batches: Iterable<telemetry.Frame[]>, url: string): Promise<HistoryFigures> {
  const database = await openDatabase({ url })
  try {
    await migrate(database, ingestSchema)
    const store = historyStore(database)
    await store.claim(lease)
    const written = await write(store, batches)
    const mergeSeconds = await merge(store)
    return { ...written, mergeSeconds, ...(await sizes(database, written.readings)) }
  } finally {
    await database.close()
  }
}

/** Of this process, the database in it included: other work on the machine does not count. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

async function write(store: HistoryStore, batches: Iterable<telemetry.Frame[]>) {
  const sum = { frames: 0, readings: 0, looseBytes: 0, encodeSeconds: 0, writeSeconds: 0 }
  for (const batch of batches) {
    const wire = batch.map((frame) => telemetry.Frame.encode(frame).finish())
    const started = cpuSeconds()
    const frames = wire.map((bytes) => telemetry.Frame.decode(bytes))
    const signals = await store.signals([
      ...new Set(frames.flatMap(({ readings }) => readings.map(({ path }) => path))),
    ])
    const segments = segmentsOf(frames, (path) => signals.get(path)!)
    const encoded = cpuSeconds()
    const position = (sequence: number) => ({ sequence, vehicleId: '' })
    await store.append(lease, { from: position(sum.frames), to: position(sum.frames + frames.length) }, segments)
    sum.writeSeconds += cpuSeconds() - encoded
    sum.encodeSeconds += encoded - started
    sum.frames += frames.length
    sum.readings += segments.reduce((count, segment) => count + segment.readings, 0)
    sum.looseBytes += segments.reduce((count, { content }) => count + content.length, 0)
  }
  const { looseBytes, ...rest } = sum
  return { ...rest, looseBytesPerReading: looseBytes / sum.readings }
}

async function merge(store: HistoryStore): Promise<number> {
  const started = cpuSeconds()
  for (;;) {
    const hours = await store.looseHours(lease.partition, farHour, 100)
    if (hours.length === 0) return cpuSeconds() - started
    for (const hour of hours) await store.merge(lease, hour)
  }
}

async function sizes(database: Database, readings: number) {
  await database.script('vacuum full ingest.history_readings')
  const [row] = await database.query<
    Record<'merged' | 'total' | 'minutes' | 'hours' | 'vehicles' | 'signals', number>
  >(`
    select
      (select sum(octet_length(content)) from ingest.history_readings) as merged,
      pg_total_relation_size('ingest.history_readings') as total,
      (select sum(octet_length(content)) from ingest.history_rollup where level = 'minute') as minutes,
      (select sum(octet_length(content)) from ingest.history_rollup where level = 'hour') as hours,
      (select count(distinct vehicle_id) from ingest.history_readings) as vehicles,
      (select count(*) from ingest.history_signal) as signals`)
  const { merged, total, minutes, hours, vehicles, signals } = row!
  return {
    bytesPerReading: merged / readings,
    storedBytesPerReading: total / readings,
    minuteBytesPerSignalHour: minutes / vehicles / signals,
    hourBytesPerSignalHour: hours / vehicles / signals,
  }
}
