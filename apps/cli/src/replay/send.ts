import { setTimeout as pause } from 'node:timers/promises'
import { postFrames, type DeviceFrame } from '../api/ingest.ts'
import { dueAfter } from './timetable.ts'

export interface Sending {
  ingest: string
  vehicleId: string
  /** Times from 0. */
  frames: readonly DeviceFrame[]
  /** Device time of time 0. */
  startMs: number
  speed: number
  signal: AbortSignal
  onSent: (frames: number) => void
}

export interface Sent {
  readings: number
  frames: number
  quarantined: number
  duplicates: number
}

/** At top speed this many frames at once; in real time what has become due within a second. */
const batchFrames = 250

export async function send({ ingest, vehicleId, frames, startMs, speed, signal, onSent }: Sending): Promise<Sent> {
  const began = Date.now()
  const sent: Sent = { readings: 0, frames: 0, quarantined: 0, duplicates: 0 }
  for (let next = 0; next < frames.length;) {
    const batch = nextBatch(frames, next, speed)
    next += batch.length
    const wait = began + dueAfter(batch.at(-1)!.timeMs, speed) - Date.now()
    if (wait > 0) await pause(wait, undefined, { signal })
    const dated = batch.map((frame) => ({ ...frame, timeMs: startMs + frame.timeMs }))
    const answer = await postFrames(ingest, vehicleId, dated, signal)
    sent.readings += readingsIn(batch) + (batch.some(({ can, obd }) => can ?? obd) ? answer.acceptedReadings : 0)
    sent.frames += answer.acceptedFrames
    sent.quarantined += answer.quarantinedReadings
    sent.duplicates += answer.duplicateFrames
    onSent(next)
  }
  return sent
}

/** What the bus carries is known when ingest has decoded it. */
const readingsIn = (frames: readonly DeviceFrame[]): number =>
  frames.reduce((sum, { values }) => sum + Object.keys(values).length, 0)

function nextBatch(frames: readonly DeviceFrame[], from: number, speed: number): readonly DeviceFrame[] {
  const withinMs = dueAfter(frames[from]!.timeMs, speed) + 1_000
  let to = from + 1
  while (to < frames.length && to - from < batchFrames && dueAfter(frames[to]!.timeMs, speed) <= withinMs) to++
  return frames.slice(from, to)
}
