import type { VehicleSystem } from '@pitcrew/signals'
import type { FailureMode, Skill } from './failure-mode.ts'
import { modesOf } from './knowledge.ts'
import { boundedRatio, type NodeResult } from './node-result.ts'

export interface Hypothesis {
  failureMode: string
  component: string
  probability: number
  parts: string[]
  labourHours: number
  skill: Skill
  explanation: string
}

export interface Ranking {
  /** Most probable first; probabilities sum to 1. */
  hypotheses: Hypothesis[]
  /** Probability that the first is right, lowered by missing evidence. */
  confidence: number
  /** The check that would tell the first two apart; empty when there is nothing to tell apart. */
  nextQuestion: string
}

const nodeCount = 5
/** The nodes look at the same vehicle from different sides, so their evidence overlaps. */
const overlap = 0.85
/** Share of the confidence that all nodes together must earn. */
const coverageShare = 0.25

/** C4: Bayes over the failure modes of the system, from the supports of the other five nodes. */
export function rankHypotheses({
  system,
  results,
}: {
  system: VehicleSystem
  results: readonly NodeResult[]
}): Ranking {
  const modes = modesOf(system)
  const scores = modes.map((mode) => ({ mode, ...score(mode, results) }))
  const total = scores.reduce((sum, { weight }) => sum + weight, 0)
  const hypotheses = scores
    .map(({ mode, weight, reasons }) => hypothesisOf(mode, weight / total, reasons))
    .toSorted((a, b) => b.probability - a.probability)
  const informative = new Set(results.filter(({ supports }) => supports.length > 0).map(({ node }) => node)).size
  const coverage = Math.min(informative / nodeCount, 1)
  const [first, second] = hypotheses
  return {
    hypotheses,
    confidence: (first?.probability ?? 0) * (1 - coverageShare * (1 - coverage)),
    nextQuestion: first && second ? (modes.find(({ name }) => name === first.failureMode)?.test ?? '') : '',
  }
}

function score(mode: FailureMode, results: readonly NodeResult[]): { weight: number; reasons: string[] } {
  let weight = mode.prior
  const reasons: string[] = []
  for (const { supports } of results)
    for (const { failureMode, likelihoodRatio, because } of supports) {
      if (failureMode !== mode.name || !Number.isFinite(likelihoodRatio)) continue
      weight *= boundedRatio(likelihoodRatio) ** overlap
      if (Math.abs(Math.log(likelihoodRatio)) > 0.15)
        reasons.push(`${likelihoodRatio > 1 ? 'for' : 'against'}: ${because}`)
    }
  return { weight, reasons }
}

const hypothesisOf = (mode: FailureMode, probability: number, reasons: string[]): Hypothesis => ({
  failureMode: mode.name,
  component: mode.component,
  probability,
  parts: mode.parts,
  labourHours: mode.labourHours,
  skill: mode.skill,
  explanation: reasons.length > 0 ? reasons.join('. ') : 'by experience only: no evidence for or against it',
})
