/**
 * Why a case was handled as it was, read from what its steps gave: the evidence, the hypotheses with their probabilities and
 * the urgency. A step that has not ended yet has given nothing.
 */
import { analysis } from '@pitcrew/contracts'
import { hours } from '../print/duration.ts'
import { plain } from '../print/names.ts'

export type Values = Record<string, unknown>

export function whyText(values: Values): string {
  const lines = [...evidenceLines(values), ...hypothesisLines(values), ...urgencyLines(values)]
  return lines.map((text) => `  ${text}`).join('\n')
}

function evidenceLines(values: Values): string[] {
  const collected = values['collect-evidence']
  if (collected === undefined) return []
  const { evidence, dtcs } = analysis.CollectEvidenceResponse.fromJSON(collected)
  return [
    ...evidence.map(({ explanation, strength }) => `evidence (${percent(strength)}): ${explanation}`),
    ...(dtcs.length > 0 ? [`fault codes: ${dtcs.join(', ')}`] : []),
  ]
}

function hypothesisLines(values: Values): string[] {
  const diagnosis = values.diagnose
  if (diagnosis === undefined) return []
  const { hypotheses, confidence, nextQuestion } = analysis.RankHypothesesResponse.fromJSON(diagnosis)
  return [
    ...hypotheses.map(
      ({ probability, failureMode, component, explanation }) =>
        `${percent(probability).padStart(4)}  ${failureMode} (${component}): ${explanation}`,
    ),
    `confidence ${percent(confidence)}${nextQuestion ? `; would tell them apart: ${nextQuestion}` : ''}`,
  ]
}

function urgencyLines(values: Values): string[] {
  const assessed = values['assess-urgency']
  if (assessed === undefined) return []
  const { urgency, timeToFailure, explanation } = analysis.AssessUrgencyResponse.fromJSON(assessed)
  const time = timeToFailure === undefined ? '' : `, fails in ${timeText(timeToFailure)}`
  return [`${plain(urgency)}${time}${explanation ? `: ${explanation}` : ''}`]
}

/** A median with its 90 % interval, in hours of driving. */
export function timeText({
  lowerHours,
  medianHours,
  upperHours,
}: {
  lowerHours: number
  medianHours: number
  upperHours: number
}): string {
  return `${hours(medianHours)} (${hours(lowerHours)} to ${hours(upperHours)})`
}

const percent = (share: number): string => `${Math.round(share * 100)} %`
