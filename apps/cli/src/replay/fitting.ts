/**
 * Ingest takes nothing that is older than two days, by the device's clock, and a replay ends now: a longer log does not fit. It is
 * refused, cut to what is last in it, or squeezed: all its times divided by one number, the same for all vehicles of a run, so that
 * they can be compared.
 */
import { Terminal } from '@pitcrew/errors'
import type { Log } from './log.ts'
import { oldestMs } from './timetable.ts'

export const waysToFit = ['refuse', 'last', 'squeeze'] as const
export type WayToFit = (typeof waysToFit)[number]

export interface Fitted {
  logs: Log[]
  /** What was done to the times, for the person to know; undefined when nothing was. */
  note: string | undefined
}

/** Throws Terminal BAD_USAGE for a log that is too long, if long ones are refused. */
export function fit(logs: readonly Log[], way: WayToFit): Fitted {
  const longest = Math.max(...logs.map(({ durationMs }) => durationMs))
  if (longest <= oldestMs) return { logs: [...logs], note: undefined }
  const hours = Math.round(longest / 3_600_000)
  switch (way) {
    case 'refuse':
      throw new Terminal(
        'BAD_USAGE',
        `the longest log lasts ${hours} h: expected 47 h at most, ingest takes nothing older`,
        {
          hint: '--long last sends what is last of each, --long squeeze lets time run faster',
        },
      )
    case 'last':
      return { logs: logs.map(lastOf), note: `of each log the last 47 h are sent; the longest lasts ${hours} h` }
    case 'squeeze': {
      const factor = Math.ceil((longest / oldestMs) * 10) / 10
      return {
        logs: logs.map((log) => squeezed(log, factor)),
        note: `time runs ${factor} times as fast as in the logs`,
      }
    }
    default:
      return way satisfies never
  }
}

function lastOf(log: Log): Log {
  const from = Math.max(0, log.durationMs - oldestMs)
  const frames = log.frames.filter(({ timeMs }) => timeMs >= from)
  const first = frames[0]!.timeMs
  const moved = frames.map((frame) => ({ ...frame, timeMs: frame.timeMs - first }))
  return { ...log, frames: moved, durationMs: moved.at(-1)!.timeMs }
}

function squeezed(log: Log, factor: number): Log {
  const frames = log.frames.map((frame) => ({ ...frame, timeMs: Math.floor(frame.timeMs / factor) }))
  return { ...log, frames, durationMs: frames.at(-1)!.timeMs }
}
