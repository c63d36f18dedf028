import type { engine } from '@pitcrew/contracts'
import type { Target } from '../../api/locate.ts'
import { openWorkflows } from '../../api/workflows.ts'
import { duration } from '../../print/duration.ts'
import { table } from '../../print/table.ts'
import { json, line } from '../output.ts'
import { findWorkflow } from './find.ts'
import { givenCount } from './given.ts'
import { nothing } from './text.ts'

export interface HistoryOptions extends Target {
  json?: boolean
  after: string
  limit: string
}

export async function showHistory(start: string, options: HistoryOptions): Promise<void> {
  const after = givenCount(options.after, '--after')
  const limit = givenCount(options.limit, '--limit', 1)
  const workflows = openWorkflows(options)
  const { history, workflow } = await workflows.show(await findWorkflow(workflows, start), { after, limit })
  if (options.json) return json(history)
  line(history.length === 0 ? nothing('transitions') : historyTable(history, workflow.startedAt))
  const last = history.at(-1)?.number ?? 0
  if (last > 0 && last < workflow.revision) line(`\nthere are more: --after ${last}`)
}

export function historyTable(history: readonly engine.WorkflowTransition[], startedAt: string | undefined): string {
  const began = Date.parse(startedAt ?? history[0]?.at ?? '')
  return table(
    ['number', 'after', 'what', 'step', 'attempt', 'phase', 'by', ''],
    history.map(({ number, at, event, node, attempt, phase, by, code, detail }) => [
      number,
      at ? duration(Math.max(0, Date.parse(at) - began)) : '',
      event,
      node,
      attempt > 1 ? attempt : '',
      phase,
      by,
      code && !detail.startsWith(code) ? `${code}: ${detail}` : detail,
    ]),
  )
}

/** Each transition as it happens, on a line of its own, until the workflow has ended. */
export async function follow(start: string, options: Target & { json?: boolean; after: string }): Promise<void> {
  const after = givenCount(options.after, '--after')
  const workflows = openWorkflows(options)
  for await (const { workflow, transition } of workflows.follow(await findWorkflow(workflows, start), after)) {
    if (!workflow || !transition) continue
    if (options.json) json({ workflowId: workflow.workflowId, ...transition })
    else line(transitionLine(transition, workflow))
    if (workflow.endedAt && transition.number >= workflow.revision) return
  }
}

function transitionLine(
  { number, at, event, node, by, code, detail }: engine.WorkflowTransition,
  { progress }: engine.Workflow,
): string {
  const what = [`${event} ${node}`.trim(), by && `by ${by}`, code, detail].filter((part) => part !== '')
  return `${String(number).padStart(4)}  ${at ?? ''}  ${String(progress).padStart(3)} %  ${what.join('  ')}`
}
