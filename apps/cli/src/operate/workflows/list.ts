import type { engine } from '@pitcrew/contracts'
import type { Target } from '../../api/locate.ts'
import type { Query } from '../../api/door.ts'
import { openWorkflows } from '../../api/workflows.ts'
import { dim } from '../../print/colour.ts'
import { plain } from '../../print/names.ts'
import { table } from '../../print/table.ts'
import { json, line } from '../output.ts'
import { capitals, givenCount, givenPairs, givenTime } from './given.ts'
import { ago, nothing, statusText } from './text.ts'

/** Which workflows: the same options for finding them and for operating on many. */
export interface Which {
  status?: string
  definition?: string
  phase?: string
  priority?: string
  urgency?: string
  vehicle?: string
  parent?: string
  outcome?: string
  text?: string
  attribute: string[]
  since?: string
  before?: string
  endedSince?: string
  endedBefore?: string
}

export interface ListOptions extends Which, Target {
  json?: boolean
  archived?: boolean
  limit: string
  cursor?: string
}

export async function listWorkflows(options: ListOptions): Promise<void> {
  const limit = givenCount(options.limit, '--limit', 1)
  const query = queryOf(options, Date.now())
  const archived = options.archived ? 'true' : undefined
  const page = await openWorkflows(options).search({ ...query, archived, limit, cursor: options.cursor })
  if (options.json) return json(page)
  line(page.workflows.length === 0 ? nothing('workflows') : workflowsTable(page.workflows, Date.now()))
  if (page.next) line(dim(`\nthere are more: --cursor ${page.next}`))
}

export function queryOf(which: Which, now: number): Query {
  const attributes = givenPairs(which.attribute, '--attribute')
  return {
    status: capitals(which.status),
    definition: which.definition,
    phase: which.phase,
    priority: capitals(which.priority),
    urgency: capitals(which.urgency),
    vehicle: which.vehicle,
    parent: which.parent,
    outcome: which.outcome,
    text: which.text,
    attributes: Object.keys(attributes).length > 0 ? JSON.stringify(attributes) : undefined,
    startedFrom: givenTime(which.since, '--since', now),
    startedBefore: givenTime(which.before, '--before', now),
    endedFrom: givenTime(which.endedSince, '--ended-since', now),
    endedBefore: givenTime(which.endedBefore, '--ended-before', now),
  }
}

export function workflowsTable(workflows: readonly engine.Workflow[], now: number): string {
  return table(
    ['workflow', 'definition', 'status', 'phase', 'urgency', 'done', 'changed', 'what'],
    workflows.map(({ workflowId, definition, version, status, phase, urgency, ...one }) => [
      workflowId,
      `${definition} v${version}`,
      statusText(status),
      phase,
      plain(urgency) === 'UNSPECIFIED' ? '' : plain(urgency),
      `${one.progress} %`,
      ago(one.updatedAt, now),
      one.failure ? `${one.failure.code} at ${one.failure.node}` : one.outcome || one.detail,
    ]),
  )
}
