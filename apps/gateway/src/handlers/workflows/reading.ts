/** F9, L11: what workflows do, and which there are. */
import { Terminal } from '@pitcrew/errors'
import type { Clients } from '../../adapters/clients.ts'
import { count, instant, oneOf } from '../query.ts'
import { get, type Asked, type Route } from '../route.ts'
import { drawn } from './definitions.ts'
import { filterOf, filterQuery } from './filter.ts'
import { mostWaitMs, patience } from './patience.ts'
import { engine } from '@pitcrew/contracts'

const idOf = ({ params }: Asked): string => params.id ?? ''
const limit = { limit: 'at most so many' }
const ofMessage = (name: string) => ({ answer: `pitcrew.workflow.v1.${name}` })

export function readingRoutes({ workflows }: Pick<Clients, 'workflows'>): Route[] {
  const tag = 'workflows'
  const show = (asked: Asked) => {
    const { query, signal } = asked
    const wanted = { historyAfter: count(query.after, 0), historyLimit: count(query.limit, 0) }
    return workflows.getWorkflow({ workflowId: idOf(asked), ...wanted }, { ...patience, signal })
  }
  const summary = (asked: Asked) =>
    workflows.summarizeWorkflow({ workflowId: idOf(asked) }, { ...patience, signal: asked.signal })
  const steps = { after: 'only transitions after this number', limit: 'at most so many transitions' }
  return [
    {
      ...get(
        tag,
        '/v1/workflows',
        'Find workflows, the newest start first; `next` of a page is the cursor of the one after it',
        ({ query }) =>
          workflows.searchWorkflows({
            filter: filterOf(query),
            limit: count(query.limit, 100),
            cursor: query.cursor ?? '',
          }),
        { ...filterQuery, ...limit, cursor: '`next` of the page before' },
      ),
      ...ofMessage('SearchWorkflowsResponse'),
    },
    {
      ...get(
        tag,
        '/v1/workflows/{id}',
        'One workflow: where it stands, its decisions, approvals, checkpoints, children and history',
        show,
        steps,
      ),
      ...ofMessage('GetWorkflowResponse'),
    },
    get(
      tag,
      '/v1/workflows/{id}/history',
      'Its transitions, in order',
      async (asked) => {
        const { workflow, history } = await show(asked)
        return { revision: workflow?.revision, history }
      },
      steps,
    ),
    {
      ...get(tag, '/v1/workflows/{id}/summary', 'What came of it: results, quality, recommendations', summary),
      ...ofMessage('SummarizeWorkflowResponse'),
    },
    {
      ...get(tag, '/v1/workflows/{id}/evaluation', 'Grade, score and metrics of one that has ended', async (asked) => {
        const { evaluation } = await summary(asked)
        if (evaluation) return evaluation
        throw new Terminal('NOT_FOUND', `workflow ${idOf(asked)} has not been evaluated`, {
          hint: 'it is evaluated when it has ended',
        })
      }),
      ...ofMessage('Evaluation'),
    },
    get(
      tag,
      '/v1/workflows/{id}/drawing',
      'Its graph, drawn with how far it is',
      async (asked) => {
        const format = oneOf(asked.query.format, ['svg', 'mermaid'], 'format')
        const workflowId = idOf(asked)
        const { workflow } = await workflows.getWorkflow({ workflowId, historyAfter: 0, historyLimit: 1 }, patience)
        const { definition: name = '', version = 0 } = workflow ?? {}
        const drawing = format === 'svg' ? engine.Drawing.SVG : engine.Drawing.MERMAID
        return drawn(format, (await workflows.getDefinition({ name, version, drawing, workflowId }, patience)).drawing)
      },
      { format: 'svg (default) or mermaid' },
    ),
    {
      ...get(
        tag,
        '/v1/workflows/{id}/result',
        'Its result, as soon as it has ended or after waitMs',
        ({ params, query, signal }) => {
          const timeoutMs = Math.min(count(query.waitMs, 0), mostWaitMs)
          const options = { deadlineMs: timeoutMs + patience.deadlineMs, signal }
          return workflows.waitForResult({ workflowId: params.id ?? '', timeoutMs }, options)
        },
        { waitMs: 'wait so long for its end, milliseconds, at most 60000; default 0' },
      ),
      ...ofMessage('WaitForResultResponse'),
    },
    {
      ...get(
        tag,
        '/v1/approvals',
        'What people are asked to decide, the most urgent first, then the longest waiting',
        ({ query }) =>
          workflows.listApprovals({
            workflowId: query.workflow ?? '',
            approvers: query.approvers ?? '',
            limit: count(query.limit, 100),
          }),
        { workflow: 'of one workflow', approvers: 'role of those who are asked', ...limit },
      ),
      ...ofMessage('ListApprovalsResponse'),
    },
    {
      ...get(
        tag,
        '/v1/workflow-statistics',
        'Counts and durations over the workflows',
        ({ query }) =>
          workflows.getWorkflowStatistics({
            definition: query.definition ?? '',
            from: instant(query.from, 'from'),
            before: instant(query.before, 'before'),
          }),
        { definition: 'of one definition', from: 'started at this time or later, ISO 8601', before: 'started before' },
      ),
      ...ofMessage('GetWorkflowStatisticsResponse'),
    },
    {
      ...get(
        tag,
        '/v1/evaluations',
        'How workflows and agents have done, the newest first',
        ({ query }) =>
          workflows.listEvaluations({
            definition: query.definition ?? '',
            version: count(query.version, 0),
            limit: count(query.limit, 100),
          }),
        { definition: 'of one definition', version: 'of one version of it', ...limit },
      ),
      ...ofMessage('ListEvaluationsResponse'),
    },
  ]
}
