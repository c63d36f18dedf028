import type { analysis } from '@pitcrew/contracts'
import type { Assessment, Finding } from '../domain/index.ts'
import { intervalMessage, isoTime, systemMessage, urgencyMessage } from './vocabulary.ts'

export const evidenceMessage = (finding: Finding): analysis.Evidence => {
  const { signal, dtc, detector, value, expected, strength, sinceMs, explanation, alsoFits = [] } = finding
  return {
    signal,
    dtc,
    detector,
    value,
    expected,
    strength,
    since: isoTime(sinceMs),
    explanation,
    alsoFits: [...alsoFits],
  }
}

export interface AlertFacts {
  alertId: string
  vehicleId: string
  raisedAtMs: number
  revision: number
  assessment: Assessment
}

export const alertMessage = ({ alertId, vehicleId, raisedAtMs, revision, assessment }: AlertFacts): analysis.Alert => ({
  alertId,
  vehicleId,
  system: systemMessage(assessment.system),
  urgency: urgencyMessage(assessment.urgency),
  timeToFailure: intervalMessage(assessment.timeToFailure),
  evidence: assessment.evidence.map(evidenceMessage),
  raisedAt: isoTime(raisedAtMs),
  revision,
})
