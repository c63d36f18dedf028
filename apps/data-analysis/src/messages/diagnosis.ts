/** The nodes of a diagnosis between the domain and the contracts. */
import type { analysis } from '@pitcrew/contracts'
import {
  diagnosisNodes,
  type Answer,
  type Candidate,
  type Hypothesis,
  type NodeResult,
  type ProposedTest,
} from '../domain/index.ts'

export const nodeMessage = ({ node, supports, summary, candidates }: NodeResult): analysis.DiagnoseResponse => ({
  node,
  supports: supports.map(({ failureMode, likelihoodRatio, because }) => ({ failureMode, likelihoodRatio, because })),
  summary,
  ...(candidates && { candidates: { hypotheses: candidates.map(candidateMessage) } }),
})

/** Undefined for a node that this version does not know: its evidence cannot be weighed. */
export function nodeResultOf({
  node,
  supports,
  summary,
  candidates,
}: analysis.DiagnoseResponse): NodeResult | undefined {
  const known = diagnosisNodes.find((name) => name === node)
  if (known === undefined) return undefined
  const result = { node: known, supports, summary }
  return candidates ? { ...result, candidates: candidates.hypotheses.map(candidateOf) } : result
}

export const hypothesisMessage = ({ speaksFor, speaksAgainst, ...hypothesis }: Hypothesis): analysis.Hypothesis => ({
  ...hypothesis,
  reasons: { speaksFor, speaksAgainst },
})

const candidateMessage = ({ because, ...candidate }: Candidate): analysis.Hypothesis => ({
  ...candidate,
  explanation: because,
})

const candidateOf = ({ explanation, reasons: _, skill, ...hypothesis }: analysis.Hypothesis): Candidate => ({
  ...hypothesis,
  skill: skill as Candidate['skill'],
  because: explanation,
})

export const testsMessage = (tests: readonly ProposedTest[]): analysis.TestProposals => ({
  proposals: tests.map(({ test, ...rest }) => ({
    test: test.name,
    question: test.question,
    asks: test.asks,
    minutes: test.minutes,
    ...rest,
  })),
})

export const answersOf = (message: analysis.TestAnswers | undefined): Answer[] =>
  (message?.answers ?? []).map(({ test, yes }) => ({ test, yes }))
