/** `./pitcrew bench analysis`: what it costs to watch a fleet, per core and per vehicle. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { detection } from '@pitcrew/data-analysis'
import { machine, say, type Measurement } from '../../measure/measurement.ts'
import { judge, type Metrics } from '../../measure/report.ts'
import { median } from '../../measure/statistics.ts'
import { number, type Titled } from '../../measure/tables.ts'
import { createBenchFleet, type Fleet } from './fleet.ts'

export interface AnalysisBenchFlags {
  quick?: boolean
  json?: boolean
  writeReadme?: boolean
}

export interface Plan {
  vehicles: number
  /** Vehicles have learned their levels, and the compiler has seen all paths, before anything is measured. */
  warmUpSeconds: number
  rounds: number
  secondsPerRound: number
}

const thorough: Plan = { vehicles: 2_500, warmUpSeconds: 420, rounds: 7, secondsPerRound: 60 }
const quick: Plan = { vehicles: 2_000, warmUpSeconds: 120, rounds: 3, secondsPerRound: 30 }
const sampled = 500
const perFleet = 10_000
const mebibyte = 1024 ** 2

/** True when every target is met. */
export function benchAnalysis(flags: AnalysisBenchFlags): boolean {
  return say(measureAnalysis(flags.quick ? quick : thorough), { command: 'bench analysis', ...flags })
}

export function measureAnalysis(plan: Plan): Measurement {
  const { vehicles, warmUpSeconds, rounds, secondsPerRound } = plan
  const before = heapUsed()
  const fleet = createBenchFleet(vehicles, warmUpSeconds + rounds * secondsPerRound)
  const frames = heapUsed() - before
  for (let second = 0; second < warmUpSeconds; second++) fleet.second()
  const rates = Array.from({ length: rounds }, () => rateOf(fleet, secondsPerRound))
  const statesInHeap = heapUsed() - before - frames
  const metrics = metricsOf(rates, fleet, statesInHeap)
  const protocol = {
    vehicles,
    signals: fleet.signals,
    order: 'every vehicle one frame of its own second, in turn, on one core of one process',
    faulty: 'one vehicle in twenty, from its 30th second',
    warmUpFrames: vehicles * warmUpSeconds,
    rounds,
    framesPerRound: vehicles * secondsPerRound,
    framesPerSecond: 'analyse, assess and alert policy (watch), by processor time of all threads, median of the rounds',
    state: `as JSON, as it is stored, and in the heap; encode and decode over ${sampled} states`,
    cost: `of ${perFleet} vehicles that send one frame a second: analysis alone, without transport and storage`,
    machine: machine(),
    node: process.version,
  }
  const targets = {
    framesPerSecondPerCore: { cmp: '>=', want: 50_000 },
    stateBytesMax: { cmp: '<=', want: 65_536 },
  } as const
  return { report: judge({ name: 'analysis', protocol, metrics, targets }), full: [tableOf(metrics)] }
}

interface Rate {
  /** Frames per second of processor time, garbage collection and compilation with it: the machine may be shared. */
  perCore: number
  wall: number
}

function rateOf(fleet: Fleet, seconds: number): Rate {
  const begin = process.hrtime.bigint()
  const before = process.cpuUsage()
  for (let second = 0; second < seconds; second++) fleet.second()
  const { user, system } = process.cpuUsage(before)
  const elapsed = Number(process.hrtime.bigint() - begin) / 1e9
  const frames = fleet.vehicles * seconds
  return { perCore: (frames * 1e6) / (user + system), wall: frames / elapsed }
}

function metricsOf(rates: readonly Rate[], { states, vehicles, signals }: Fleet, statesInHeap: number): Metrics {
  const sample = states.slice(0, sampled)
  const encoding = process.hrtime.bigint()
  const texts = sample.map((state) => JSON.stringify(state))
  const decoding = process.hrtime.bigint()
  for (const text of texts) detection.fromJSON(JSON.parse(text))
  const end = process.hrtime.bigint()
  const sizes = texts.map((text) => Buffer.byteLength(text))
  const rate = median(rates.map(({ perCore }) => perCore))
  const heapPerVehicle = statesInHeap / vehicles
  return {
    framesPerSecondPerCore: rate,
    framesPerSecondWorstRound: Math.min(...rates.map(({ perCore }) => perCore)),
    framesPerSecondByTheClock: median(rates.map(({ wall }) => wall)),
    readingsPerSecondPerCore: rate * signals,
    stateBytesMedian: median(sizes),
    stateBytesMax: Math.max(...sizes),
    heapBytesPerVehicle: heapPerVehicle,
    encodeMicroseconds: Number(decoding - encoding) / 1_000 / sample.length,
    decodeMicroseconds: Number(end - decoding) / 1_000 / sample.length,
    coresPer10000Vehicles: perFleet / rate,
    memoryMiBPer10000Vehicles: (perFleet * heapPerVehicle) / mebibyte,
  }
}

const words: Record<string, string> = {
  framesPerSecondPerCore: 'frames/s on one core',
  framesPerSecondWorstRound: '- in the worst round',
  framesPerSecondByTheClock: '- by the clock, on a machine that may be shared',
  readingsPerSecondPerCore: 'readings/s on one core',
  stateBytesMedian: 'state of a vehicle as JSON, bytes',
  stateBytesMax: '- of the largest',
  heapBytesPerVehicle: '- in the heap',
  encodeMicroseconds: 'state to JSON, microseconds',
  decodeMicroseconds: 'state from JSON, microseconds',
  coresPer10000Vehicles: 'cores for 10,000 vehicles at 1 frame/s',
  memoryMiBPer10000Vehicles: 'memory for 10,000 vehicles, MiB',
}

const tableOf = (metrics: Metrics): Titled => ({
  title: 'Analysis, all detectors on all signals:',
  head: ['what', 'measured'],
  rows: Object.entries(metrics).map(([name, value]) => [words[name] ?? name, number(value)]),
})

let collect: (() => void) | undefined

/** After a full collection: what is left is what is held. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  collect ??= runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}
