/** C6: whether another pass of the diagnosis is worth its while, and which nodes it should ask. */
import { judgeIteration, type Iteration, type IterationVerdict, type Limits } from '@pitcrew/workflow'
import { boundedRatio, strongest, type DiagnosisNode, type NodeResult } from './node-result.ts'

export const diagnosisNodes: readonly DiagnosisNode[] = [
  'signal-evidence',
  'fault-codes',
  'vehicle-history',
  'fleet-peers',
  'similar-failures',
]

/** What a case that says nothing about it gets. */
export const usualLimits: DiagnosisLimits = {
  quality: 0.7,
  maxIterations: 3,
  budgetMs: 600_000,
  improvement: 0.02,
  patience: 1,
  maxErrorRate: 0.5,
}

export type DiagnosisLimits = Omit<Limits, 'widest' | 'maxRetries'>

/** Ninety days, a year, everything: look-back.ts. */
const widest = 3
/** A node has had four attempts in each pass already. */
const maxRetries = 1

export interface Pass {
  confidence: number
  durationMs: number
  window: number
  /** Nodes that were to answer in this pass. */
  asked: readonly DiagnosisNode[]
  /** What they said; one that is missing has failed. */
  answers: readonly NodeResult[]
  /** What was known of all nodes before. */
  known: readonly NodeResult[]
}

export function iterationOf({ confidence, durationMs, window, asked, answers, known }: Pass): Iteration {
  const nodes = asked.map((node) => {
    const answer = answers.find((one) => one.node === node)
    const before = known.find((one) => one.node === node)
    return { node, failed: answer === undefined, news: answer ? newsOf(answer, before) : 0 }
  })
  return { quality: confidence, durationMs, window, nodes }
}

export const judgePass = (passes: readonly Iteration[], limits: DiagnosisLimits): IterationVerdict =>
  judgeIteration(passes, { ...limits, widest, maxRetries })

/**
 * How far an answer differs from the one before, 0 to 1: the largest change of a likelihood ratio on a logarithmic scale, on
 * which the strongest evidence that a node can give is 1. A mode that a node says nothing about has a ratio of 1.
 */
export function newsOf(answer: NodeResult, before: NodeResult | undefined): number {
  const [now, then] = [evidence(answer), evidence(before)]
  const changes = [...now.keys(), ...then.keys()].map((mode) => Math.abs((now.get(mode) ?? 0) - (then.get(mode) ?? 0)))
  return Math.min(1, Math.max(0, ...changes) / Math.log(strongest))
}

function evidence(result: NodeResult | undefined): Map<string, number> {
  const supports = (result?.supports ?? []).filter(({ likelihoodRatio }) => Number.isFinite(likelihoodRatio))
  return new Map(
    supports.map(({ failureMode, likelihoodRatio }) => [failureMode, Math.log(boundedRatio(likelihoodRatio))]),
  )
}

/** What the nodes say now: in this pass, or when they answered last. In the order of the nodes. */
export const latest = (known: readonly NodeResult[], answers: readonly NodeResult[]): NodeResult[] =>
  diagnosisNodes.flatMap(
    (node) => answers.find((one) => one.node === node) ?? known.find((one) => one.node === node) ?? [],
  )
