/** The nodes of a diagnosis between the domain and the contracts. */
import type { analysis } from '@pitcrew/contracts'
import type { Hypothesis, NodeResult } from '../domain/index.ts'

export const nodeMessage = ({ node, supports, summary }: NodeResult): analysis.DiagnoseResponse => ({
  node,
  supports: supports.map(({ failureMode, likelihoodRatio, because }) => ({ failureMode, likelihoodRatio, because })),
  summary,
})

const nodes: readonly NodeResult['node'][] = [
  'signal-evidence',
  'fault-codes',
  'vehicle-history',
  'fleet-peers',
  'similar-failures',
]

/** Undefined for a node that this version does not know: its evidence cannot be weighed. */
export function nodeResultOf({ node, supports, summary }: analysis.DiagnoseResponse): NodeResult | undefined {
  const known = nodes.find((name) => name === node)
  return known && { node: known, supports, summary }
}

export const hypothesisMessage = (hypothesis: Hypothesis): analysis.Hypothesis => ({ ...hypothesis })
