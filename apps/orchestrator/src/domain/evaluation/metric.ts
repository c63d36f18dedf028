/** F8: the figures that a workflow is judged by. A figure is null where there is nothing to measure. */
export interface MetricSpec {
  unit: 'ms' | 's' | 'share' | 'count' | 'points'
  better: 'lower' | 'higher'
  /** Middle of several: the mean where most are 0 and the median would say nothing. */
  centre: 'median' | 'mean'
  /** A change is relative to the value before, or to this if that is smaller, so that 1 ms to 2 ms is no doubling. */
  floor: number
  meaning: string
  /**
   * Only shown. A share of the time also rises when the rest of the time falls, so becoming worse in it says nothing by itself.
   */
  shown?: true
}

const spec = (
  unit: MetricSpec['unit'],
  better: MetricSpec['better'],
  centre: MetricSpec['centre'],
  floor: number,
  meaning: string,
): MetricSpec => ({ unit, better, centre, floor, meaning })

export const metrics = {
  score: spec('points', 'higher', 'median', 10, 'score of the evaluation, 0 to 100'),
  durationMs: spec('ms', 'lower', 'median', 100, 'from start to end'),
  workingMs: spec('ms', 'lower', 'median', 20, 'time in which at least one task was at an agent'),
  waitingMs: spec('ms', 'lower', 'median', 100, 'time, pauses aside, in which no task was at an agent'),
  waitingShare: { ...spec('share', 'lower', 'median', 0.1, 'that as a share of the time, pauses aside'), shown: true },
  longestTaskMs: spec('ms', 'lower', 'median', 20, 'time at agents of the task that took longest'),
  queueMs: spec('ms', 'lower', 'median', 50, 'time that tasks waited for an agent, all together'),
  taskSeconds: spec('s', 'lower', 'median', 0.05, 'time at agents of all attempts together: what the workflow cost'),
  attempts: spec('count', 'lower', 'mean', 1, 'attempts of all tasks'),
  retries: spec('count', 'lower', 'mean', 0.5, 'attempts after the first of a task'),
  errorRate: spec('share', 'lower', 'mean', 0.1, 'share of the attempts that failed'),
  firstPassYield: spec('share', 'higher', 'mean', 0.1, 'share of the tasks that succeeded at the first attempt'),
  undone: spec('count', 'lower', 'mean', 0.5, 'tasks that were undone'),
  interventions: spec('count', 'lower', 'mean', 0.5, 'times that a person paused, retried, reset or ended it'),
  regularity: {
    ...spec(
      'share',
      'higher',
      'median',
      0.1,
      'evenness of progress: 1 less the largest distance between the share of transitions made and the share of time gone',
    ),
    shown: true,
  },
  deadlineUse: spec('share', 'lower', 'median', 0.2, 'time taken over time allowed; above 1 is late'),
  rounds: spec('count', 'lower', 'mean', 1, 'rounds with the customer'),
  confidence: spec('share', 'higher', 'median', 0.1, 'confidence of the last result that said how sure it was'),
  confidenceGain: spec('share', 'higher', 'median', 0.1, 'confidence gained with each pass, from none'),
} as const satisfies Record<string, MetricSpec>

export type MetricName = keyof typeof metrics
export type Metrics = Readonly<Record<MetricName, number | null>>

export const metricNames = Object.keys(metrics) as MetricName[]
/** Those whose change for the worse is one. */
export const judgedMetrics = metricNames.filter((name) => !('shown' in metrics[name]))

/** How much worse `now` is than `before`, relative; negative if better. */
export function worsening(name: MetricName, now: number, before: number): number {
  const { better, floor } = metrics[name]
  const change = (now - before) / Math.max(Math.abs(before), floor)
  return better === 'lower' ? change : -change
}
