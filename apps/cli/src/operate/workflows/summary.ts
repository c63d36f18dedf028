import type { engine } from '@pitcrew/contracts'
import type { Target } from '../../api/locate.ts'
import { openWorkflows } from '../../api/workflows.ts'
import { bold } from '../../print/colour.ts'
import { json, line } from '../output.ts'
import { findWorkflow } from './find.ts'
import { brief, indented, percent } from './text.ts'

export async function showSummary(start: string, options: Target & { json?: boolean }): Promise<void> {
  const workflows = openWorkflows(options)
  const summary = await workflows.summary(await findWorkflow(workflows, start))
  if (options.json) return json(summary)
  line(summaryText(summary))
}

export function summaryText({ text, evaluation, recommendations, results }: engine.SummarizeWorkflowResponse): string {
  const given = Object.entries(results ?? {}).filter(([, value]) => value !== null)
  const parts: [string, string][] = [
    ['Quality', evaluation ? qualityText(evaluation) : ''],
    ['Recommendations', indented(recommendations.map((one) => `${percent(one.weight).padStart(5)}  ${one.text}`))],
    ['Results', indented(given.map(([node, value]) => `${node}: ${brief(value)}`))],
  ]
  const told = parts.filter(([, content]) => content !== '').map(([title, content]) => `${bold(title)}\n${content}`)
  return [text, ...told].join('\n\n')
}

function qualityText({ grade, score, metrics, regressions }: engine.Evaluation): string {
  const measured = Object.entries(metrics).map(([name, value]) => {
    const worse = regressions[name]
    return `${name} ${Math.round(value * 1_000) / 1_000}${worse === undefined ? '' : ` (${percent(worse)} worse than usual)`}`
  })
  return indented([`${grade}, ${Math.round(score)} of 100`, ...measured])
}
