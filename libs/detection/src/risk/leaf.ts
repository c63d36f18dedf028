import type { RiskLeaf, RiskNode, RiskSplit, Sense } from './model.ts'

export function leafAt(node: RiskNode, ask: (sense: Sense) => number): RiskLeaf {
  let at = node
  while (at.kind === 'split') at = isInside(at, ask(at.on)) ? at.inside : at.outside
  return at
}

/** Drawn towards the base rate as by one case more, so that no number of cases gives certainty. */
export const probabilityOf = ({ cases, failed }: { cases: number; failed: number }, baseRate: number): number =>
  (failed + baseRate) / (cases + 1)

export const isInside = ({ from, below }: RiskSplit, value: number): boolean =>
  (from === null || value >= from) && (below === null || value < below)
