import type { telemetry } from '@pitcrew/contracts'
import type { Telemetry } from '@pitcrew/observability'
import type { Door } from './handlers/accept-frames.ts'

/** Counters by what became of the data and by the door that it came through. */
export interface IngestMetrics {
  taken(door: Door, answer: telemetry.PublishResponse): void
  failed(door: Door, frames: number): void
  polled(feed: string, outcome: 'page' | 'failure'): void
}

export function ingestMetrics({ meter }: Pick<Telemetry, 'meter'>): IngestMetrics {
  const frames = meter.createCounter('pitcrew_ingest_frames', {
    description: 'Frames by treatment: accepted, duplicate, failed',
  })
  const readings = meter.createCounter('pitcrew_ingest_readings', {
    description: 'Readings by treatment: accepted, quarantined',
  })
  const polls = meter.createCounter('pitcrew_ingest_polls', {
    description: 'Polls of telematics APIs by outcome: page, failure',
  })
  return {
    taken(door, answer) {
      frames.add(answer.acceptedFrames, { door, treatment: 'accepted' })
      frames.add(answer.duplicateFrames, { door, treatment: 'duplicate' })
      readings.add(answer.acceptedReadings, { door, treatment: 'accepted' })
      readings.add(answer.quarantinedReadings, { door, treatment: 'quarantined' })
    },
    failed: (door, count) => frames.add(count, { door, treatment: 'failed' }),
    polled: (feed, outcome) => polls.add(1, { feed, outcome }),
  }
}
