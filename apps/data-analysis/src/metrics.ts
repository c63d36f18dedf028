import type { Telemetry } from '@pitcrew/observability'
import type { BrokenModel } from './domain/index.ts'

/** What one batch came to. */
export interface Tally {
  analysed: number
  /** Older than the newest frame of its vehicle: counted, not analysed. */
  late: number
  /** Delivered again after its state had been stored. */
  repeated: number
  findings: number
  /** Models that threw at a vehicle's readings; they serve that vehicle no more. */
  broken: BrokenModel[]
}

export interface AnalysisMetrics {
  batch(tally: Tally, lagMs: number): void
  alert(kind: string, urgency: string): void
}

export function analysisMetrics({ meter, logger }: Pick<Telemetry, 'meter' | 'logger'>): AnalysisMetrics {
  const frames = meter.createCounter('pitcrew_analysis_frames', {
    description: 'Frames by treatment: analysed, late, repeated',
  })
  const findings = meter.createCounter('pitcrew_analysis_findings', {
    description: 'What detectors said, once for each frame in which they said it',
  })
  const alerts = meter.createCounter('pitcrew_analysis_alerts', {
    description: 'Decisions about alerts: raised, escalated, cleared, reopened; by urgency where they have one',
  })
  const brokenModels = meter.createCounter('pitcrew_analysis_models_broken', {
    description: 'Models that threw at readings of a vehicle and serve it no more; by model',
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
      for (const { name, version, why } of tally.broken) {
        brokenModels.add(1, { model: name })
        logger.warn('a model cannot take the readings of a vehicle', { model: name, version, reason: why })
      }
      lag.record(Math.max(lagMs, 0) / 1_000)
    },
    alert: (kind, urgency) => alerts.add(1, { kind, urgency }),
  }
}
