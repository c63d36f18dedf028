/**
 * C6: after each look, what is known of the manuscript now, and whether another look is worth it. The quality that iterations
 * are judged by is how sure the review is: a text does not get better by being read again, but what is said of it does.
 */
import { judgeIteration, type Iteration, type IterationVerdict, type Limits } from '@pitcrew/workflow'
import { nodeNames, type Analysis, type Finding, type NodeName } from './analysis.ts'

/** What each node is worth to the whole, of 1. */
export const weights: Readonly<Record<NodeName, number>> = {
  structure: 0.2,
  readability: 0.2,
  vocabulary: 0.15,
  repetition: 0.15,
  style: 0.15,
  consistency: 0.15,
}

export type Known = Readonly<Record<NodeName, Analysis | null>>
export type Wanted = Readonly<Record<NodeName, boolean>>

export interface Looked {
  /** What this look gave; null where the node failed or did not run. */
  given: Known
  wanted: Wanted
  known: Known
  history: readonly Iteration[]
  window: number
  limits: Limits
  /** Unix milliseconds. */
  begunAt: number
  endedAt: number
}

export interface Judged {
  known: Known
  history: Iteration[]
  wanted: Wanted
  window: number
  verdict: IterationVerdict
}

export function judge({ given, wanted, known, history, window, limits, begunAt, endedAt }: Looked): Judged {
  const now = each((node) => given[node] ?? known[node])
  const nodes = nodeNames
    .filter((node) => wanted[node])
    .map((node) => ({ node, failed: given[node] === null, news: newsOf(given[node], known[node]) }))
  const iteration = { quality: certaintyOf(now), durationMs: Math.max(0, endedAt - begunAt), window, nodes }
  const verdict = judgeIteration([...history, iteration], limits)
  const run = new Set(verdict.strategy.run)
  return {
    known: now,
    history: [...history, iteration],
    wanted: each((node) => run.has(node)),
    window: verdict.strategy.window,
    verdict,
  }
}

/** How sure the review is, 0 to 1; a node that gave nothing is not sure at all. */
export const certaintyOf = (known: Known): number =>
  nodeNames.reduce((sum, node) => sum + weights[node] * (known[node]?.confidence ?? 0), 0)

/** 0 to 100, over the nodes that gave something, each by its worth and how sure it is. */
export function scoreOf(known: Known): number {
  let [score, weight] = [0, 0]
  for (const node of nodeNames) {
    const { score: own = 0, confidence = 0 } = known[node] ?? {}
    score += weights[node] * confidence * own
    weight += weights[node] * confidence
  }
  return weight > 0 ? Math.round((score / weight) * 10) / 10 : 0
}

/** How much the node says that was not known: by score, by certainty, and by findings. */
function newsOf(given: Analysis | null, before: Analysis | null): number {
  if (given === null) return 0
  if (before === null) return 1
  const key = ({ kind, offset }: Finding) => `${kind} ${offset}`
  const old = new Set(before.findings.map(key))
  const fresh = given.findings.filter((one) => !old.has(key(one))).length
  return Math.max(
    Math.abs(given.score - before.score) / 100,
    Math.abs(given.confidence - before.confidence),
    fresh / Math.max(1, given.findings.length),
  )
}

const each = <T>(value: (node: NodeName) => T): Record<NodeName, T> =>
  Object.fromEntries(nodeNames.map((node) => [node, value(node)])) as Record<NodeName, T>
