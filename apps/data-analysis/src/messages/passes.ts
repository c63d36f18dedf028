/** The passes of a diagnosis between the domain and the contracts. */
import { analysis } from '@pitcrew/contracts'
import type { Iteration, IterationVerdict, Reason } from '@pitcrew/workflow'
import { diagnosisNodes, type DiagnosisLimits, type DiagnosisNode } from '../domain/index.ts'

const { IterationReason } = analysis

const reasons: Readonly<Record<Reason, analysis.IterationReason>> = {
  continue: IterationReason.CONTINUE,
  'quality-reached': IterationReason.QUALITY_REACHED,
  'error-rate': IterationReason.ERROR_RATE,
  'iteration-limit': IterationReason.ITERATION_LIMIT,
  'time-budget': IterationReason.TIME_BUDGET,
  'no-improvement': IterationReason.NO_IMPROVEMENT,
  'nothing-left': IterationReason.NOTHING_LEFT,
}

export const iterationOfRecord = ({ confidence, durationMs, window, nodes }: analysis.PassRecord): Iteration => ({
  quality: confidence,
  durationMs,
  window,
  nodes,
})

export const passRecord = (
  { quality, durationMs, window, nodes }: Iteration,
  verdict: analysis.IterationVerdict,
): analysis.PassRecord => ({
  confidence: quality,
  durationMs,
  window,
  nodes: nodes.map(({ node, failed, news }) => ({ node, failed, news })),
  verdict,
})

export function verdictMessage(verdict: IterationVerdict): analysis.IterationVerdict {
  const { stop, reason, metrics, strategy, explanation } = verdict
  const { iterations, best, gain, gainPerMinute, elapsedMs, errorRate, nodes } = metrics
  return {
    stop,
    reason: reasons[reason],
    metrics: {
      passes: iterations,
      best,
      gain,
      gainPerMinute,
      elapsedMs,
      errorRate,
      nodes: nodes.map(({ node, runs, failures, worth }) => ({ node, runs, failures, worth })),
    },
    strategy: {
      run: Object.fromEntries(diagnosisNodes.map((node) => [node, strategy.run.includes(node)])),
      window: strategy.window,
      retries: strategy.retries,
      leftOut: Object.fromEntries(strategy.leftOut.map(({ node, because }) => [node, because])),
    },
    explanation,
  }
}

/** All of them in the first pass. */
export function askedBy(verdict: analysis.IterationVerdict | undefined): DiagnosisNode[] {
  const run = verdict?.strategy?.run
  return diagnosisNodes.filter((node) => run?.[node] !== false)
}

export const limitsOf = ({
  confidence,
  maxPasses,
  budgetMs,
  improvement,
  patience,
  maxErrorRate,
}: analysis.IterationLimits): DiagnosisLimits => ({
  quality: confidence,
  maxIterations: maxPasses,
  budgetMs,
  improvement,
  patience,
  maxErrorRate,
})
