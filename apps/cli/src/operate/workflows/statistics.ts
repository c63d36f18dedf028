import type { engine } from '@pitcrew/contracts'
import type { Target } from '../../api/locate.ts'
import { openWorkflows } from '../../api/workflows.ts'
import { table } from '../../print/table.ts'
import { json, line } from '../output.ts'
import { givenTime } from './given.ts'
import { lasting } from './text.ts'

export interface StatisticsOptions extends Target {
  json?: boolean
  definition?: string
  since?: string
  before?: string
}

export async function showStatistics({ definition, since, before, ...options }: StatisticsOptions): Promise<void> {
  const now = Date.now()
  const range = { from: givenTime(since, '--since', now), before: givenTime(before, '--before', now) }
  const statistics = await openWorkflows(options).statistics({ definition, ...range })
  if (options.json) return json(statistics)
  line(statisticsText(statistics))
}

export function statisticsText(statistics: engine.GetWorkflowStatisticsResponse): string {
  const { total, active, completed, failed, cancelled, urgentHandled, errors, retries, archived } = statistics
  const { maxActive, waitingForAdmission: held } = statistics
  const lines = [
    `workflows ${total}: ${active} active, ${completed} completed, ${failed} failed, ${cancelled} cancelled; ${archived} in the archive`,
    `urgent ones handled ${urgentHandled}, failed attempts ${errors}, retries ${retries}`,
    `from start to end ${lasting(statistics.averageCompletionSeconds)} on average, half within ${lasting(statistics.p50CompletionSeconds)}, 19 in 20 within ${lasting(statistics.p95CompletionSeconds)}`,
    maxActive > 0 ? `at most ${maxActive} at a time, ${held} wait for their turn` : '',
  ]
  const counts: [string, Record<string, number>][] = [
    ['definition', statistics.byDefinition],
    ['status', statistics.byStatus],
    ['phase', statistics.byPhase],
    ['priority', statistics.byPriority],
    ['outcome', statistics.byOutcome],
  ]
  const tables = counts.flatMap(([what, by]) => {
    const rows = Object.entries(by).filter(([, count]) => count > 0)
    return rows.length > 0 ? ['', table([what, 'workflows'], rows)] : []
  })
  return [...lines.filter((one) => one !== ''), ...tables].join('\n')
}
