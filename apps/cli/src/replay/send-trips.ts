import type { DeviceFrame } from '../api/ingest.ts'
import { lastSeenMs } from './settle.ts'
import type { Stage } from '../demo/stage.ts'
import { createProgress, type Progress } from './progress.ts'
import { send, type Sent } from './send.ts'
import { startOf } from './timetable.ts'
import type { Injection } from './wishes.ts'

export interface Trip {
  vehicleId: string
  /** Times from 0. */
  frames: readonly DeviceFrame[]
}

export interface SentTrips {
  sent: Sent
  /** Device time of the last frame of each vehicle. */
  lastMs: Map<string, number>
}

/** At top speed one vehicle after the other, so that a folder of logs does not pile up; slower ones all side by side. */
export async function sendTrips(
  { gateway, ingest, signal }: Stage,
  trips: readonly Trip[],
  { injection, speed }: { injection: Injection | undefined; speed: number },
): Promise<SentTrips> {
  const progress = createProgress(trips.reduce((sum, { frames }) => sum + frames.length, 0))
  const lastMs = new Map<string, number>()
  const one = async ({ vehicleId, frames }: Trip): Promise<Sent> => {
    const durationMs = frames.at(-1)!.timeMs
    const seen = await lastSeenMs(gateway, vehicleId)
    const startMs = startOf({ durationMs, speed, now: Date.now(), lastSeenMs: seen })
    lastMs.set(vehicleId, startMs + durationMs)
    const overlaid = injection ? frames.map(injected(injection)) : frames
    return send({ ingest, vehicleId, frames: overlaid, startMs, speed, signal, onSent: counting(progress) })
  }
  const all: Sent[] = []
  if (speed === Infinity) for (const trip of trips) all.push(await one(trip))
  else all.push(...(await Promise.all(trips.map(one))))
  progress.done()
  return { sent: sum(all), lastMs }
}

/** The overlay sees the signals; what was heard on the bus stays as it is. */
function injected({ overlay }: Injection): (frame: DeviceFrame) => DeviceFrame {
  const lay = overlay()
  return (frame) => ({ ...frame, ...lay(frame) })
}

function sum(all: readonly Sent[]): Sent {
  const total = (key: keyof Sent) => all.reduce((count, sent) => count + sent[key], 0)
  return {
    readings: total('readings'),
    frames: total('frames'),
    quarantined: total('quarantined'),
    duplicates: total('duplicates'),
  }
}

function counting(progress: Progress): (sent: number) => void {
  let before = 0
  return (sent) => {
    progress.add(sent - before)
    before = sent
  }
}
