/** The nodes of a diagnosis between the domain and the contracts. */
import type { analysis } from '@pitcrew/contracts'
import { diagnosisNodes, type Hypothesis, type NodeResult } from '../domain/index.ts'

export const nodeMessage = ({ node, supports, summary }: NodeResult): analysis.DiagnoseResponse => ({
  node,
  supports: supports.map(({ failureMode, likelihoodRatio, because }) => ({ failureMode, likelihoodRatio, because })),
  summary,
})

/** Undefined for a node that this version does not know: its evidence cannot be weighed. */
export function nodeResultOf({ node, supports, summary }: analysis.DiagnoseResponse): NodeResult | undefined {
  const known = diagnosisNodes.find((name) => name === node)
  return known && { node: known, supports, summary }
}

export const hypothesisMessage = (hypothesis: Hypothesis): analysis.Hypothesis => ({ ...hypothesis })
