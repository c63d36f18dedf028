import type { analysis } from '@pitcrew/contracts'
import { iterationOf, judgePass, latest, rankHypotheses, usualLimits } from '../domain/index.ts'
import { answersOf, hypothesisMessage, nodeMessage, nodeResultOf, testsMessage } from '../messages/diagnosis.ts'
import { askedBy, iterationOfRecord, limitsOf, passRecord, verdictMessage } from '../messages/passes.ts'
import { systemOf } from '../messages/vocabulary.ts'

/**
 * Task diagnosis.rank-hypotheses: works on what the other nodes found, which the request brings along, and judges by the
 * passes so far whether there should be another one.
 */
export async function rankHypothesesTask(
  request: analysis.RankHypothesesRequest,
): Promise<analysis.RankHypothesesResponse> {
  const { system, findings, answered, passes, limits } = request
  const before = passes.at(-1)?.verdict
  const known = request.known.flatMap((finding) => nodeResultOf(finding) ?? [])
  const said = findings.flatMap((finding) => (answered[finding.node] === false ? [] : (nodeResultOf(finding) ?? [])))
  const results = latest(known, said)
  const answers = answersOf(request.answers)
  const ranking = rankHypotheses({ system: systemOf(system), results, answers })
  const { hypotheses, confidence, nextQuestion, tests } = ranking
  const pass = iterationOf({
    confidence,
    durationMs: Math.max(0, request.endedAtMs - request.beganAtMs),
    window: before?.strategy?.window ?? 1,
    asked: askedBy(before),
    answers: said,
    known,
  })
  const judged = judgePass([...passes.map(iterationOfRecord), pass], limits ? limitsOf(limits) : usualLimits)
  const verdict = verdictMessage(judged)
  return {
    hypotheses: hypotheses.map(hypothesisMessage),
    confidence,
    nextQuestion,
    tests: testsMessage(tests),
    verdict,
    passes: [...passes, passRecord(pass, verdict)],
    known: results.map(nodeMessage),
  }
}
