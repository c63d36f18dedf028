import type { analysis } from '@pitcrew/contracts'
import { rankHypotheses } from '../domain/index.ts'
import { hypothesisMessage, nodeResultOf } from '../messages/diagnosis.ts'
import { systemOf } from '../messages/vocabulary.ts'

/** Task diagnosis.rank-hypotheses: works on what the other nodes found, which the request brings along. */
export async function rankHypothesesTask({
  system,
  findings,
}: analysis.RankHypothesesRequest): Promise<analysis.RankHypothesesResponse> {
  const results = findings.flatMap((finding) => nodeResultOf(finding) ?? [])
  const { hypotheses, confidence, nextQuestion } = rankHypotheses({ system: systemOf(system), results })
  return { hypotheses: hypotheses.map(hypothesisMessage), confidence, nextQuestion }
}
