/** L11, M6: how many there are, how they stand and how long they take; the archive is counted too. */
import type { engine } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import type { Measurement } from '../domain/expected-durations.ts'
import { distribution } from '../domain/histogram.ts'

type Statistics = engine.GetWorkflowStatisticsResponse
type Grouped = 'byStatus' | 'byPhase' | 'byPriority' | 'byDefinition' | 'byOutcome'

const groups: Record<Grouped, string> = {
  byStatus: `replace(status, 'WORKFLOW_STATUS_', '')`,
  byPhase: 'phase',
  byPriority: 'priority::text',
  byDefinition: 'definition',
  byOutcome: 'outcome',
}

export async function workflowStatistics(
  database: Database,
  { definition, from, before }: engine.GetWorkflowStatisticsRequest,
  maxActive: number,
): Promise<Statistics> {
  const selection = `from orchestrator.every_workflow where ($1 = '' or definition = $1)
    and ($2::timestamptz is null or started_at >= $2) and ($3::timestamptz is null or started_at < $3)`
  const params = [definition, from ?? null, before ?? null]
  const [totals] = await database.query<Omit<Statistics, Grouped | 'maxActive'>>(
    `select count(*) as total,
       count(*) filter (where ended_at is null) as active,
       count(*) filter (where status = 'WORKFLOW_STATUS_COMPLETED') as completed,
       count(*) filter (where status = 'WORKFLOW_STATUS_FAILED') as failed,
       count(*) filter (where status = 'WORKFLOW_STATUS_CANCELLED') as cancelled,
       count(*) filter (where status = 'WORKFLOW_STATUS_PENDING') as "waitingForAdmission",
       count(*) filter (where priority = 1 and ended_at is not null) as "urgentHandled",
       count(*) filter (where archived) as archived,
       coalesce(sum(errors), 0) as errors, coalesce(sum(retries), 0) as retries,
       coalesce(avg(took), 0)::float8 as "averageCompletionSeconds",
       coalesce(percentile_cont(0.5) within group (order by took), 0)::float8 as "p50CompletionSeconds",
       coalesce(percentile_cont(0.95) within group (order by took), 0)::float8 as "p95CompletionSeconds"
     from (select *, case when status = 'WORKFLOW_STATUS_COMPLETED' then extract(epoch from ended_at - started_at)::float8 end as took
           ${selection}) as w`,
    params,
  )
  const counts = await database.query<{ by: Grouped; name: string; count: number }>(
    Object.entries(groups)
      .map(
        ([by, name]) =>
          `select '${by}' as by, ${name} as name, count(*) as count ${selection} and ${name} <> '' group by 1, 2`,
      )
      .join(' union all '),
    params,
  )
  const by: Record<Grouped, Record<string, number>> = {
    byStatus: {},
    byPhase: {},
    byPriority: {},
    byDefinition: {},
    byOutcome: {},
  }
  for (const one of counts) by[one.by][one.name] = one.count
  return { ...(totals as Omit<Statistics, Grouped | 'maxActive'>), ...by, maxActive }
}

/** Measured durations of one version's nodes, by node id; '' is the whole workflow. */
export async function measuredDurations(
  database: Database,
  definition: string,
  version: number,
): Promise<Map<string, Measurement>> {
  const rows = await database.query<{ node: string; bucket: number; count: number; totalMs: number; failures: number }>(
    `select node, bucket, runs as count, total_ms as "totalMs", failures from orchestrator.node_duration
     where definition = $1 and version = $2`,
    [definition, version],
  )
  const byNode = Map.groupBy(rows, ({ node }) => node)
  return new Map(
    [...byNode].map(([node, buckets]) => [
      node,
      { ...distribution(buckets), buckets, failures: buckets.reduce((sum, { failures }) => sum + failures, 0) },
    ]),
  )
}
