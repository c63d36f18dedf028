import type { engine } from '@pitcrew/contracts'
import type { AgentQuality, Evaluation, Standing } from './evaluation/index.ts'
import { iso } from './workflow-row.ts'

export function evaluationMessage(evaluation: Evaluation): engine.Evaluation {
  const { workflowId, definition, version, endedAt, grade, score, metrics, deviations, recommendations } = evaluation
  const known = Object.entries(metrics).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
  return {
    workflowId,
    definition,
    version,
    at: iso(endedAt),
    grade,
    score,
    metrics: Object.fromEntries(known),
    regressions: Object.fromEntries(deviations.map(({ metric, worse }) => [metric, worse])),
    recommendations: recommendations.map(({ text, subject, metric }, place) => ({
      text,
      source: subject ? `${subject} ${metric}` : metric,
      // They come with the one that cost most points first.
      weight: 0.9 ** (place + 1),
    })),
  }
}

export function standingMessage({ evaluations, trend, regression, findings }: Standing): engine.Standing {
  return { evaluations, trend: trend.direction, regressed: regression.is === 'worse', findings }
}

export function agentMessage(quality: AgentQuality): engine.AgentStanding {
  const { agent, capability, attempts, failures, grade, score, verdict, text } = quality
  return { agent, capability, attempts, failures, grade, score, verdict, text }
}
