/**
 * What an hour of readings becomes when it is over. Rollups are made of the readings alone, and again when late ones came:
 * so they are right whatever came when.
 */
import { Buckets } from './bucket.ts'
import { encodeTable } from './chunk.ts'
import { hourMs, minuteMs } from './level.ts'
import { addTable, mergeReadings } from './readings.ts'
import { encodeRollup, readRollup } from './rollup.ts'

export interface MergedHour {
  content: Buffer
  /** A bucket for each minute. */
  minutes: Buckets
}

export function mergeHour(contents: readonly Uint8Array[]): MergedHour {
  const table = mergeReadings(contents)
  const minutes = new Buckets(minuteMs)
  addTable(table, minutes)
  return { content: encodeTable(table, { deflate: true }), minutes }
}

/** A day of hourly buckets, with that of `hour` replaced by what its minutes say. */
export function replaceHour(day: Uint8Array | undefined, hour: number, minutes: Buckets): Buffer {
  const hours = new Buckets(hourMs)
  if (day !== undefined)
    readRollup(
      day,
      () => true,
      (signal, startMs, bucket) => {
        if (startMs !== hour * hourMs) hours.merge(signal, startMs, bucket)
      },
    )
  for (const signal of minutes.signals)
    for (const [startMs, bucket] of minutes.of(signal)) hours.merge(signal, startMs, bucket)
  return encodeRollup(hours)
}
