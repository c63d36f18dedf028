/**
 * Turns of all contenders, round after round (ABAB), so that what changes on the machine meanwhile meets all of them.
 * 1. One works at a time. What it sends is encoded before its clock runs.
 * 2. Nothing counts before its acknowledgement, and a turn whose frames are not in the stream, each once, ends the measurement.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { join } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import { connectMessaging, type Messaging } from '@pitcrew/messaging'
import { benchTelemetry } from '../pitcrew/telemetry.ts'
import { cpuSecondsOf } from '../process-tree.ts'
import { forkWorker, type Worker } from '../worker.ts'
import { titles, type ContenderName, type Door } from './contenders.ts'
import type { Turn } from './frames.ts'
import type { LoadAnswers } from './load-worker.ts'
import type { Measured } from './place.ts'
import type { SenderSetup } from './senders/sender.ts'
import { verifyTurn } from './verify.ts'

export interface Sample {
  frames: number
  elapsedMs: number
  /** Of the broker and of ingest, in the turn and the moment behind it. */
  brokerCpuSeconds: number
  ingestCpuSeconds: number
  /** Of a frame in the stream: subject, headers and payload. */
  storedBytes: number
}

export type Samples = Partial<Record<ContenderName, Sample[]>>

export interface Rounds {
  measured: Measured
  doors: readonly Door[]
  rounds: number
  frames: number
  onProgress(words: string): void
}

type Load = Worker<LoadAnswers>

/** Names of one length, so that all subjects and ids are as long. */
const letters: Record<ContenderName, string> = { bare: 'b', http: 'h', httpProtobuf: 'p', grpcStream: 'g', mqtt: 'm' }

const warmUpFrames = 2_000
/** What an answer leaves behind (a flush, a collection) is still of its turn. */
const settleMs = 200

export async function measureRounds(plan: Rounds): Promise<Samples> {
  const { measured, doors, rounds, frames, onProgress } = plan
  const names: ContenderName[] = [...doors, 'bare']
  const loads = new Map<ContenderName, Load>()
  const watcher = await watch(measured.broker.url)
  try {
    for (const name of names) loads.set(name, await startLoad(name, measured))
    const turn = (name: ContenderName, label: string, count: number) =>
      takeTurn(
        { measured, watcher, load: loads.get(name)! },
        { name: `${letters[name]}${label}`, frames: count, nowMs: Date.now() },
      )
    for (const name of names) for (const label of ['w1', 'w2']) await turn(name, label, Math.min(frames, warmUpFrames))
    const samples: Samples = {}
    for (let round = 1; round <= rounds; round++) {
      for (const name of names) {
        const sample = await turn(name, String(round), frames)
        ;(samples[name] ??= []).push(sample)
        onProgress(
          `round ${round} of ${rounds}, ${titles[name]}: ${Math.round((frames / sample.elapsedMs) * 1_000)} frames/s`,
        )
      }
    }
    return samples
  } finally {
    for (const load of loads.values()) await load.stop()
    await watcher.drain()
  }
}

const watch = (url: string): Promise<Messaging> =>
  connectMessaging({ url, service: 'data-analysis', instance: 'bench', telemetry: benchTelemetry('data-analysis') })

function startLoad(contender: ContenderName, { broker, httpUrl, grpcAddress, mqttUrl }: Measured): Promise<Load> {
  const setup: SenderSetup = { contender, natsUrl: broker.url, httpUrl, grpcAddress, mqttUrl }
  return forkWorker<LoadAnswers>(join(import.meta.dirname, 'load-worker.ts'), { args: [JSON.stringify(setup)] })
}

interface Parts {
  measured: Measured
  watcher: Messaging
  load: Load
}

async function takeTurn({ measured, watcher, load }: Parts, turn: Turn): Promise<Sample> {
  const { broker, ingest } = measured
  await load.ask('prepare', turn)
  await pause(settleMs)
  const since = new Date(Date.now() - 1_000).toISOString()
  const bytesBefore = await stateOf(watcher)
  const before = { broker: cpuSecondsOf([broker.pid]), ingest: cpuSecondsOf([ingest.pid]) }
  const { accepted, elapsedMs } = await load.ask('send', undefined)
  await pause(settleMs)
  const after = { broker: cpuSecondsOf([broker.pid]), ingest: cpuSecondsOf([ingest.pid]) }
  const stored = await stateOf(watcher)
  if (accepted !== turn.frames)
    throw new Terminal('BENCH_FRAMES_WRONG', `${accepted} of ${turn.frames} frames of turn ${turn.name} were accepted`)
  await verifyTurn(watcher, turn, since)
  return {
    frames: turn.frames,
    elapsedMs,
    brokerCpuSeconds: after.broker - before.broker,
    ingestCpuSeconds: after.ingest - before.ingest,
    storedBytes: (stored.bytes - bytesBefore.bytes) / (stored.messages - bytesBefore.messages),
  }
}

async function stateOf(messaging: Messaging): Promise<{ bytes: number; messages: number }> {
  const answer = await messaging.connection.request('$JS.API.STREAM.INFO.TELEMETRY')
  return answer.json<{ state: { bytes: number; messages: number } }>().state
}
