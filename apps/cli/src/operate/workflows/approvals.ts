/** F3: what people are asked, and their answers. */
import type { engine } from '@pitcrew/contracts'
import type { Target } from '../../api/locate.ts'
import { openWorkflows } from '../../api/workflows.ts'
import { plain } from '../../print/names.ts'
import { table } from '../../print/table.ts'
import { tick } from '../../print/ticks.ts'
import { json, line } from '../output.ts'
import { findWorkflow } from './find.ts'
import { givenCount } from './given.ts'
import { ago, lasting } from './text.ts'

export interface ApprovalsOptions extends Target {
  json?: boolean
  workflow?: string
  approvers?: string
  limit: string
}

export async function listApprovals({ workflow, approvers, limit, ...options }: ApprovalsOptions): Promise<void> {
  const approvals = await openWorkflows(options).approvals({
    workflow,
    approvers,
    limit: givenCount(limit, '--limit', 1),
  })
  if (options.json) return json(approvals)
  if (approvals.length === 0) return line('nobody is waited for')
  line(approvalsTable(approvals, Date.now()))
  const [first] = approvals
  line(`\nnext: ./pitcrew workflows approve ${first?.workflowId} ${first?.path}   (or reject)`)
}

export function approvalsTable(approvals: readonly engine.Approval[], now: number): string {
  return table(
    ['workflow', 'approval', 'priority', 'of whom', 'asked', 'until', 'what'],
    approvals.map(({ workflowId, path, priority, approvers, since, due, reason }) => [
      workflowId,
      path,
      plain(priority),
      approvers,
      ago(since, now),
      due ? `in ${lasting(Math.max(0, Date.parse(due) - now) / 1_000)}` : 'no end',
      reason,
    ]),
  )
}

export interface DecideOptions extends Target {
  json?: boolean
  comment: string
}

export async function decide(start: string, path: string, approved: boolean, options: DecideOptions): Promise<void> {
  const workflows = openWorkflows(options)
  const workflowId = await findWorkflow(workflows, start)
  await workflows.decide(workflowId, path, { approved, comment: options.comment })
  const done = approved ? 'approved' : 'rejected'
  if (options.json) return json({ workflowId, path, done })
  line(tick('ok', `${workflowId} ${path}`.trim(), { words: done }))
}
