import type { Telemetry } from '@pitcrew/observability'
import type { Segment } from '../../domain/history/readings.ts'

export interface HistoryMetrics {
  /** `lagMs`: from the receipt of the oldest frame to now. */
  written(frames: number, segments: readonly Segment[], lagMs: number): void
  repeated(frames: number): void
}

export function historyMetrics({ meter }: Pick<Telemetry, 'meter'>): HistoryMetrics {
  const frames = meter.createCounter('pitcrew_ingest_history_frames', {
    description: 'Frames by what history did: written, repeated',
  })
  const readings = meter.createCounter('pitcrew_ingest_history_readings', {
    description: 'Readings written to history',
  })
  const bytes = meter.createCounter('pitcrew_ingest_history_bytes', { description: 'Bytes that they were written in' })
  const lag = meter.createHistogram('pitcrew_ingest_history_lag_seconds', {
    description: 'From the receipt of a frame to its place in history',
    unit: 's',
  })
  return {
    written(count, segments, lagMs) {
      frames.add(count, { treatment: 'written' })
      readings.add(segments.reduce((sum, segment) => sum + segment.readings, 0))
      bytes.add(segments.reduce((sum, { content }) => sum + content.length, 0))
      lag.record(lagMs / 1_000)
    },
    repeated: (count) => frames.add(count, { treatment: 'repeated' }),
  }
}
