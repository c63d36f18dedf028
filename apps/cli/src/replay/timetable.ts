/**
 * When each frame is sent and which device time it carries. The logs have no dates of their own, so a replay ends now, by
 * the vehicle's clock: a log of an hour at top speed was driven within the last hour, and at real time begins now.
 */
import { Terminal } from '@pitcrew/errors'
import type { DeviceFrame } from '../api/ingest.ts'
import type { Log } from './log.ts'

/** Engine off between two drives of the same vehicle. */
const parkedMs = 10 * 60_000
/** Ingest refuses what is older than two days. */
export const oldestMs = 47 * 3_600_000
/** Ingest allows a device clock to be five minutes fast. */
const aheadMs = 4 * 60_000

/** One drive after the other, times from 0. */
export function joinDrives(logs: readonly Log[]): DeviceFrame[] {
  let offset = 0
  return logs.flatMap(({ frames, durationMs }) => {
    const moved = frames.map((frame) => ({ ...frame, timeMs: frame.timeMs + offset }))
    offset += durationMs + parkedMs
    return moved
  })
}

export interface Departure {
  durationMs: number
  speed: number
  now: number
  /** Device time up to which the vehicle has been seen before, if it has. */
  lastSeenMs: number | undefined
}

/**
 * Device time of the first frame: such that the last one, sent at that speed, carries the time at which it is sent; later
 * when the vehicle has been seen since. Throws Terminal BAD_USAGE when that cannot be.
 */
export function startOf({ durationMs, speed, now, lastSeenMs = 0 }: Departure): number {
  if (durationMs > oldestMs) {
    const lasts = `the logs of one vehicle last ${Math.round(durationMs / 3_600_000)} h: expected 47 h at most`
    throw new Terminal('BAD_USAGE', lasts, {
      hint: 'replay fewer of them, or each as a vehicle of its own (without --vehicle)',
    })
  }
  const start = Math.max(Math.round(now - durationMs * (1 - 1 / speed)), lastSeenMs + 1_000)
  if (start + durationMs - durationMs / speed > now + aheadMs) {
    throw new Terminal(
      'BAD_USAGE',
      `the vehicle has sent telemetry up to ${new Date(lastSeenMs).toISOString()}, and this log does not fit in after that`,
      {
        hint: 'choose another --vehicle, or wait for as long as the log lasts',
      },
    )
  }
  return start
}

/** Milliseconds from the start of the replay to when a frame of that offset is due. */
export const dueAfter = (offsetMs: number, speed: number): number => offsetMs / speed
