/** `./pitcrew bench ingest`: what the doors take durably, beside a bare publication of the same bytes. */
import { join } from 'node:path'
import { machine, say, type Measurement } from '../../measure/measurement.ts'
import { root } from '../../platform/checkout.ts'
import { findServer } from '../pitcrew/broker.ts'
import { makePlace } from '../place.ts'
import { requireProc } from '../process-tree.ts'
import { framesPerMessage, inFlight, signalsPerFrame, vehicles } from './contenders.ts'
import { readOptions, type IngestBenchFlags, type IngestBenchOptions } from './options.ts'
import { startMeasured } from './place.ts'
import { report, tables } from './report.ts'
import { measureRounds } from './rounds.ts'

export type { IngestBenchFlags } from './options.ts'

/** True when every target is met. @throws Terminal BAD_USAGE, BENCH_NEEDS_LINUX, BENCH_FRAMES_WRONG */
export async function benchIngest(flags: IngestBenchFlags): Promise<boolean> {
  const options = readOptions(flags)
  requireProc()
  const place = makePlace(join(root, '.pitcrew/bench'))
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
    // Everything that was started ends with this process.
    process.once(signal, () => {
      place.remove()
      process.exit(code)
    })
  }
  try {
    const measurement = await measure(options, place.runDir)
    return say(measurement, { command: 'bench ingest', json: options.json, writeReadme: options.writeReadme })
  } finally {
    place.remove()
  }
}

async function measure(options: IngestBenchOptions, runDir: string): Promise<Measurement> {
  const { doors, rounds, frames, ...how } = options
  const onProgress = (words: string): void => void process.stderr.write(`${words}\n`)
  const server = await findServer(onProgress)
  const measured = await startMeasured({ server, folder: join(runDir, 'ingest'), ...how })
  try {
    const samples = await measureRounds({ measured, doors, rounds, frames, onProgress })
    const judged = report(samples, { protocol: protocolOf(options, server.version), asked: doors })
    return { report: judged, full: tables(judged) }
  } finally {
    await measured.stop()
  }
}

function protocolOf(
  { rounds, frames, syncAlways, history }: IngestBenchOptions,
  natsServer: string,
): Record<string, unknown> {
  return {
    machine: machine(),
    node: process.version,
    natsServer,
    fsync: syncAlways
      ? 'an acknowledged message is on the disk (sync_interval always), as in ./pitcrew up'
      : 'the system writes to the disk when it likes (the default of nats-server)',
    rounds,
    framesPerTurn: frames,
    signalsPerFrame,
    vehicles: `${vehicles} in a turn, each a frame of its own second in turn`,
    framesPerMessage,
    inFlight: `${inFlight} frames of each contender, the bare publication too`,
    order: 'round after round, contender after contender; load, ingest and broker are processes of their own',
    bare: 'same client, subjects, headers (with an id to recognise duplicates) and payload as ingest publishes, encoded before',
    load: 'encoded before the clock runs, but for the gRPC client, which encodes as it sends',
    counted:
      'what is acknowledged as durable; over MQTT, what the telemetry stream holds; after each turn every frame is looked up',
    history: history
      ? 'written by the ingest that is measured, in the same process, into PGlite in memory'
      : 'off in the ingest that is measured, as the bare publication has no reader: ./pitcrew bench history has its cost',
    cost: 'CPU of ingest and broker over the gRPC stream, times 10,000 vehicles that send a frame of 25 signals a second',
  }
}
