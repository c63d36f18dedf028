/**
 * What an hour of readings becomes when it is over. Rollups are made of the readings alone, and again when late ones came:
 * so they are right whatever came when.
 */
import { Buckets } from './bucket.ts'
import { hourMs, minuteMs, type Range } from './level.ts'
import { addReadings, mergeReadings } from './readings.ts'
import { encodeRollup, readRollup } from './rollup.ts'

const all = () => true
const always: Range = { fromMs: -Infinity, toMs: Infinity }

export interface MergedHour {
  content: Buffer
  /** A bucket for each minute. */
  minutes: Buffer
}

export function mergeHour(contents: readonly Uint8Array[]): MergedHour {
  const content = mergeReadings(contents)
  const minutes = new Buckets(minuteMs)
  addReadings(content, always, all, minutes)
  return { content, minutes: encodeRollup(minutes) }
}

/** A day of hourly buckets, with that of `hour` replaced by what its readings say. */
export function replaceHour(day: Uint8Array | undefined, hour: number, readings: Uint8Array): Buffer {
  const hours = new Buckets(hourMs)
  if (day !== undefined)
    readRollup(day, all, (signal, startMs, bucket) => {
      if (startMs !== hour * hourMs) hours.merge(signal, startMs, bucket)
    })
  addReadings(readings, always, all, hours)
  return encodeRollup(hours)
}
