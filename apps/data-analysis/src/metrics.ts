import type { Telemetry } from '@pitcrew/observability'

/** What one batch came to. */
export interface Tally {
  analysed: number
  /** Older than the newest frame of its vehicle: counted, not analysed. */
  late: number
  /** Delivered again after its state had been stored. */
  repeated: number
  findings: number
}

export interface AnalysisMetrics {
  batch(tally: Tally, lagMs: number): void
  alert(kind: string, urgency: string): void
}

export function analysisMetrics({ meter }: Pick<Telemetry, 'meter'>): AnalysisMetrics {
  const frames = meter.createCounter('pitcrew_analysis_frames', {
    description: 'Frames by treatment: analysed, late, repeated',
  })
  const findings = meter.createCounter('pitcrew_analysis_findings', {
    description: 'What detectors said, once for each frame in which they said it',
  })
  const alerts = meter.createCounter('pitcrew_analysis_alerts', {
    description: 'Decisions about alerts: raised, escalated, cleared, reopened; by urgency where they have one',
  })
  const lag = meter.createHistogram('pitcrew_analysis_lag', {
    unit: 's',
    description: 'From the receipt of the oldest frame of a batch to its stored analysis',
  })
  return {
    batch(tally, lagMs) {
      frames.add(tally.analysed, { treatment: 'analysed' })
      frames.add(tally.late, { treatment: 'late' })
      frames.add(tally.repeated, { treatment: 'repeated' })
      findings.add(tally.findings)
      lag.record(Math.max(lagMs, 0) / 1_000)
    },
    alert: (kind, urgency) => alerts.add(1, { kind, urgency }),
  }
}
