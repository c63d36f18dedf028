import type { telemetry } from '@pitcrew/contracts'
import type { Telemetry } from '@pitcrew/observability'
import type { EntryRefusalCode } from './domain/entry-refusals.ts'
import type { Door } from './handlers/accept-frames.ts'

type Counter = ReturnType<Telemetry['meter']['createCounter']>

/** Counters by what became of the data and by the door that it came through. */
export interface IngestMetrics {
  /** `reasons`: how many refusals there were of each code. */
  taken(door: Door, answer: telemetry.PublishResponse, reasons: ReadonlyMap<string, number>): void
  failed(door: Door, frames: number): void
  /** A batch that came too fast; `frames` of it were sent back. */
  limited(door: Door, frames: number): void
  /** A message that held no frames that can be read, or came from nobody known. */
  refusedMessage(door: Door, reason: string): void
  polled(feed: string, outcome: 'page' | 'failure'): void
  /** Parts of a telematics API's page that could not be read. */
  refusedEntries(feed: string, code: EntryRefusalCode, count: number): void
}

export function ingestMetrics({ meter }: Pick<Telemetry, 'meter'>): IngestMetrics {
  const frames = meter.createCounter('pitcrew_ingest_frames', {
    description:
      'Frames by treatment: accepted (of these late, out_of_order, partial), duplicate, refused, limited, failed',
  })
  const readings = meter.createCounter('pitcrew_ingest_readings', {
    description: 'Readings by treatment: accepted, quarantined',
  })
  const refusals = meter.createCounter('pitcrew_ingest_refusals', {
    description: 'Frames and readings that were refused, by reason (the code of the refusal)',
  })
  const pauses = meter.createCounter('pitcrew_ingest_rate_limited', {
    description: 'Batches that were sent back or had to wait because their vehicle sends too fast',
  })
  const polls = meter.createCounter('pitcrew_ingest_polls', {
    description: 'Polls of telematics APIs by outcome: page, failure',
  })
  const entries = meter.createCounter('pitcrew_ingest_feed_entries_refused', {
    description: 'Parts of pages of telematics APIs that could not be read, by reason',
  })
  return {
    taken(door, answer, reasons) {
      count(frames, answer.acceptedFrames, { door, treatment: 'accepted' })
      count(frames, answer.duplicateFrames, { door, treatment: 'duplicate' })
      count(frames, answer.lateFrames, { door, treatment: 'late' })
      count(frames, answer.outOfOrderFrames, { door, treatment: 'out_of_order' })
      count(frames, answer.partialFrames, { door, treatment: 'partial' })
      count(frames, answer.refusedFrames, { door, treatment: 'refused' })
      count(readings, answer.acceptedReadings, { door, treatment: 'accepted' })
      count(readings, answer.quarantinedReadings, { door, treatment: 'quarantined' })
      for (const [reason, times] of reasons) count(refusals, times, { door, reason })
    },
    limited(door, sentBack) {
      pauses.add(1, { door })
      count(frames, sentBack, { door, treatment: 'limited' })
    },
    failed: (door, count) => frames.add(count, { door, treatment: 'failed' }),
    refusedMessage: (door, reason) => refusals.add(1, { door, reason }),
    polled: (feed, outcome) => polls.add(1, { feed, outcome }),
    refusedEntries: (feed, code, count) => entries.add(count, { feed, code }),
  }
}

function count(counter: Counter, by: number, attributes: Record<string, string>): void {
  if (by > 0) counter.add(by, attributes)
}
