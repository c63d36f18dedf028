import type { engine } from '@pitcrew/contracts'
import type { Target } from '../../api/locate.ts'
import { openWorkflows } from '../../api/workflows.ts'
import { bold, dim } from '../../print/colour.ts'
import { plain, words } from '../../print/names.ts'
import { table } from '../../print/table.ts'
import { json, line } from '../output.ts'
import { approvalsTable } from './approvals.ts'
import { decisionLine } from './decisions.ts'
import { findWorkflow } from './find.ts'
import { brief, failureLines, indented, lasting, outcomeText, progressText, statusText } from './text.ts'

type Shown = engine.GetWorkflowResponse & { workflow: engine.Workflow }

export interface ShowOptions extends Target {
  json?: boolean
  /** Also its input and what each of its steps gave. */
  values?: boolean
}

export async function showWorkflow(start: string, options: ShowOptions): Promise<void> {
  const workflows = openWorkflows(options)
  const found = await workflows.show(await findWorkflow(workflows, start))
  if (options.json) return json(found)
  line(shownText(found, Date.now()))
  if (options.values) line(`\n${bold('Values')}\n${valuesText(found.values ?? {})}`)
}

export function shownText(found: Shown, now: number): string {
  const { workflow, nodes, decisions, approvals, checkpoints, children, output } = found
  const { workflowId } = workflow
  const command = './pitcrew workflows'
  const next = `  what it has to show: ${command} show ${workflowId} --values\n  next: ${command} approve ${workflowId} ${approvals[0]?.path}`
  const parts: [string, string][] = [
    ['', headText(workflow)],
    ['Failed', workflow.failure ? failureLines(workflow.failure) : ''],
    ['Steps', nodesTable(nodes, now)],
    ['Waits for people', approvals.length > 0 ? `${approvalsTable(approvals, now)}\n${next}` : ''],
    ['Decisions', indented(decisions.map(decisionLine))],
    ['Children', indented(children)],
    ['Checkpoints', checkpoints.length > 0 ? `  ${checkpoints.join(', ')}` : ''],
    ['Attributes', attributesText(workflow.attributes)],
    ['Output', workflow.endedAt && output !== undefined && output !== null ? `  ${brief(output, 1_000)}` : ''],
  ]
  return parts
    .filter(([, text]) => text !== '')
    .map(([title, text]) => (title === '' ? text : `${bold(title)}\n${text}`))
    .join('\n\n')
}

function headText(workflow: engine.Workflow): string {
  const { workflowId, definition, version, status, phase, outcome, detail, priority, urgency, vehicleId } = workflow
  const about = [
    `${definition}, version ${version}`,
    vehicleId,
    plain(urgency) === 'UNSPECIFIED' ? '' : plain(urgency),
    plain(priority) === 'UNSPECIFIED' ? '' : `priority ${words(priority)}`,
  ]
  const { startedAt, endedAt, parentId, traceId, revision, archived } = workflow
  const stand = [
    statusText(status),
    phase && !endedAt ? `in ${phase}` : '',
    progressText(workflow),
    outcomeText(outcome, status),
  ]
  const facts = [
    `started ${startedAt ?? ''}`,
    endedAt ? `ended ${endedAt}, after ${lasting((Date.parse(endedAt) - Date.parse(startedAt ?? '')) / 1_000)}` : '',
    `${revision} transitions`,
    parentId ? `started by ${parentId}` : '',
    traceId ? `trace ${traceId}` : '',
    archived ? 'in the archive' : '',
  ]
  return [`${bold(workflowId)}  ${said(about)}`, `${said(stand)}${detail ? `: ${detail}` : ''}`, dim(said(facts))].join(
    '\n',
  )
}

const said = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(', ')

function nodesTable(nodes: readonly engine.NodeStanding[], now: number): string {
  const open = nodes.filter(({ state }) => state !== 'ended' && state !== 'skipped')
  if (open.length === 0) return ''
  return table(
    ['step', 'state', 'attempt', 'until', ''],
    open.map(({ path, state, attempt, due, percent, note, failure }) => [
      path,
      percent === undefined ? state : `${state} ${percent} %`,
      attempt || '',
      due ? `in ${lasting(Math.max(0, Date.parse(due) - now) / 1_000)}` : '',
      failure ? `${failure.code}: ${failure.message}` : note,
    ]),
  )
}

const valuesText = (values: Record<string, unknown>): string =>
  Object.entries(values)
    .map(([path, value]) => `${path === '$input' ? 'input' : path}: ${JSON.stringify(value, null, 2)}`)
    .join('\n')

function attributesText(attributes: Record<string, unknown> | undefined): string {
  const all = Object.entries(attributes ?? {})
  return all.length === 0 ? '' : `  ${all.map(([name, value]) => `${name} ${brief(value, 60)}`).join(', ')}`
}
