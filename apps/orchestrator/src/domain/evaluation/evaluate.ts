/** F8: the evaluation of one workflow that has ended. Pure: the same history and baseline give the same evaluation. */
import { deviationsOf, type Baseline, type Deviation, type Sample } from './baseline.ts'
import type { Expectation } from './expectation.ts'
import { gradeOf, scoreOf, type Grade, type Part } from './grade.ts'
import type { WorkflowHistory } from './history.ts'
import { measure } from './measure.ts'
import type { Metrics } from './metric.ts'
import { recommendationsOf, type Recommendation } from './recommendation.ts'
import { taskQualityOf, type TaskQuality } from './task-quality.ts'
import { taskRunsOf } from './task-run.ts'

export interface NodeTime {
  runs: number
  /** Milliseconds at agents. */
  total: number
  mean: number
  longest: number
}

export interface Evaluation {
  workflowId: string
  definition: string
  version: number
  /** Unix milliseconds. */
  endedAt: number
  status: WorkflowHistory['status']
  outcome: string
  /** 0 to 100. */
  score: number
  grade: Grade
  parts: Part[]
  metrics: Metrics
  tasks: TaskQuality[]
  nodes: Record<string, NodeTime>
  /** Evaluations that the baseline was made of; 0 without one. */
  baseline: number
  deviations: Deviation[]
  recommendations: Recommendation[]
}

export function evaluateWorkflow(
  history: WorkflowHistory,
  baseline: Baseline | null = null,
  expectation: Expectation = {},
): Evaluation {
  const runs = taskRunsOf(history)
  const measured = measure(history, runs, expectation)
  const { score, parts } = scoreOf({ history, metrics: measured, expectation, baseline })
  const metrics = { score, ...measured }
  const tasks = runs.map((run) => taskQualityOf(run, baseline))
  const deviations = deviationsOf(metrics, baseline)
  return {
    workflowId: history.id,
    definition: history.definition,
    version: history.version,
    endedAt: history.endedAt,
    status: history.status,
    outcome: history.outcome,
    score,
    grade: gradeOf(score),
    parts,
    metrics,
    tasks,
    nodes: nodeTimes(tasks),
    baseline: baseline?.samples ?? 0,
    deviations,
    recommendations: recommendationsOf({ metrics, tasks, parts, deviations }),
  }
}

function nodeTimes(tasks: readonly TaskQuality[]): Record<string, NodeTime> {
  const nodes: Record<string, NodeTime> = {}
  for (const { node, workMs } of tasks) {
    const before = nodes[node] ?? { runs: 0, total: 0, mean: 0, longest: 0 }
    const [runs, total] = [before.runs + 1, before.total + workMs]
    nodes[node] = { runs, total, mean: total / runs, longest: Math.max(before.longest, workMs) }
  }
  return nodes
}

/** What is kept of an evaluation for those that come after it. */
export function sampleOf({ workflowId, endedAt, metrics, nodes }: Evaluation): Sample {
  return {
    workflowId,
    endedAt,
    metrics,
    nodes: Object.fromEntries(Object.entries(nodes).map(([node, time]) => [node, time.mean])),
  }
}
