/** `./pitcrew bench history`: what it costs to keep every reading of a fleet, in bytes and in CPU. */
import { telemetry } from '@pitcrew/contracts'
import { createSyntheticVehicle } from '@pitcrew/simulator'
import { measureHistory, type HistoryFigures } from '@pitcrew/telematics-ingest'
import { machine, say, type Measurement } from '../../measure/measurement.ts'
import { judge, type Metrics } from '../../measure/report.ts'
import { rounded } from '../../measure/statistics.ts'
import { number, type Titled } from '../../measure/tables.ts'

export interface HistoryBenchFlags {
  quick?: boolean
  json?: boolean
}

interface Plan {
  vehicles: number
  /** Frames of a vehicle in a batch: as a partition of 10,000 vehicles has them. */
  framesPerBatch: number
  seconds: number
}

const thorough: Plan = { vehicles: 120, framesPerBatch: 8, seconds: 3_600 }
const quick: Plan = { vehicles: 100, framesPerBatch: 8, seconds: 320 }
/** The beginning of an hour, so that a run lies within one. */
const startMs = Date.UTC(2026, 10, 20, 12)
const fleet = 10_000

export async function benchHistory({ quick: hurried = false, json = false }: HistoryBenchFlags): Promise<void> {
  say(await measure(hurried ? quick : thorough), { command: 'bench history', json })
}

async function measure(plan: Plan): Promise<Measurement> {
  const figures = await measureHistory(batchesOf(plan), 'pglite:memory')
  const metrics = metricsOf(figures, plan)
  const protocol = {
    ...plan,
    signalsPerFrame: rounded(figures.readings / figures.frames),
    values: 'simulated drives; noise in them costs more than the whole numbers of a real sensor',
    database: 'PGlite in this process (PostgreSQL in WebAssembly): a PostgreSQL server writes on cores of its own',
    encode: 'decoding frames from the stream and making chunks of them',
    cost: `${fleet} vehicles that send a frame a second: encoding and merging; and disk a day, of readings`,
    machine: machine(),
    node: process.version,
  }
  return { report: judge({ name: 'history', protocol, metrics, targets: {} }), full: [tableOf(metrics)] }
}

function* batchesOf({ vehicles, framesPerBatch, seconds }: Plan): Generator<telemetry.Frame[]> {
  const drivers = Array.from({ length: vehicles }, (_, index) => createSyntheticVehicle(`bench-${index}`))
  for (let from = 0; from < seconds; from += framesPerBatch) {
    const batch: telemetry.Frame[] = []
    for (let second = from; second < Math.min(seconds, from + framesPerBatch); second++)
      for (const [index, next] of drivers.entries()) {
        const { timeMs, values } = next(startMs + second * 1_000)
        const readings = Object.entries(values).map(([path, value]) => ({ path, value }))
        const frame = { vehicleId: `bench-${index}`, deviceTimeMs: timeMs, receivedTimeMs: timeMs, readings }
        batch.push({ ...telemetry.Frame.create(), ...frame })
      }
    yield batch
  }
}

function metricsOf(figures: HistoryFigures, { seconds }: Plan): Metrics {
  const { frames, readings, encodeSeconds, writeSeconds, mergeSeconds } = figures
  const perDay = (fleet * 86_400 * figures.storedBytesPerReading * readings) / frames
  const metrics: Metrics = {
    looseBytesPerReading: figures.looseBytesPerReading,
    bytesPerReading: figures.bytesPerReading,
    storedBytesPerReading: figures.storedBytesPerReading,
    bytesPerSignalMinute: figures.minuteBytesPerSignalHour / (seconds / 60),
    bytesPerSignalHour: figures.hourBytesPerSignalHour,
    encodeFramesPerSecondPerCore: frames / encodeSeconds,
    mergeFramesPerSecondPerCore: frames / mergeSeconds,
    pgliteFramesPerSecond: frames / writeSeconds,
    coresPer10000Vehicles: (fleet * (encodeSeconds + mergeSeconds)) / frames,
    gigabytesPerDay10000Vehicles: perDay / 1e9,
  }
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, rounded(value)]))
}

const words: Record<string, string> = {
  looseBytesPerReading: 'bytes a reading, as written',
  bytesPerReading: 'bytes a reading, merged by the hour',
  storedBytesPerReading: '- with rows and indexes',
  bytesPerSignalMinute: 'bytes for a minute of a signal: count, min, max, mean, last',
  bytesPerSignalHour: 'bytes for an hour of a signal',
  encodeFramesPerSecondPerCore: 'frames/s decoded and encoded, per core',
  mergeFramesPerSecondPerCore: 'frames/s merged and rolled up, per core',
  pgliteFramesPerSecond: 'frames/s written by PGlite, per core',
  coresPer10000Vehicles: 'cores for 10,000 vehicles at 1 frame/s, without the database',
  gigabytesPerDay10000Vehicles: 'gigabytes a day for them',
}

const tableOf = (metrics: Metrics): Titled => ({
  title: 'History, every reading kept:',
  head: ['what', 'measured'],
  rows: Object.entries(metrics).map(([name, value]) => [words[name] ?? name, number(value)]),
})
