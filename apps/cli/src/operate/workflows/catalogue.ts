/** F9, C3: what can be run: definitions and templates. */
import type { engine } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { Target } from '../../api/locate.ts'
import { openWorkflows } from '../../api/workflows.ts'
import { bold, dim } from '../../print/colour.ts'
import { table } from '../../print/table.ts'
import { json, line } from '../output.ts'
import { lasting, nothing } from './text.ts'

type Options = Target & { json?: boolean }

export async function showDefinitions(name: string, options: Options & { version?: string }): Promise<void> {
  const workflows = openWorkflows(options)
  if (name === '') {
    const all = await workflows.definitions()
    if (options.json) return json(all)
    return line(all.length === 0 ? nothing('definitions') : definitionsTable(all))
  }
  const found = await workflows.definition(name, options.version)
  if (options.json) return json(found)
  line(definitionText(found))
}

function definitionsTable(all: readonly engine.DefinitionSummary[]): string {
  return table(
    ['definition', 'version', 'nodes', 'signals', 'queries', 'updates', 'checkpoints'],
    all.map(({ name, version, nodes, signals, queries, updates, checkpoints }) => [
      name,
      version,
      nodes,
      ...[signals, queries, updates, checkpoints].map((names) => names.join(' ')),
    ]),
  )
}

function definitionText({ summary, criticalPath, durations }: engine.GetDefinitionResponse): string {
  if (!summary) return ''
  const rows: [string, readonly string[]][] = [
    ['phases', summary.phases],
    ['capabilities', summary.capabilities],
    ['signals', summary.signals],
    ['queries', summary.queries],
    ['updates', summary.updates],
    ['checkpoints', summary.checkpoints],
    ['critical path', criticalPath],
  ]
  const measured = table(
    ['step', 'runs', 'mean', 'half within', '9 in 10 within', 'failed'],
    durations.map(({ node, count, meanSeconds, medianSeconds, p90Seconds, failures }) => [
      node,
      count,
      ...[meanSeconds, medianSeconds, p90Seconds].map(lasting),
      failures,
    ]),
  )
  return [
    `${bold(summary.name)}, version ${summary.version}, ${summary.nodes} nodes`,
    ...rows.filter(([, names]) => names.length > 0).map(([what, names]) => `  ${what.padEnd(14)}${names.join(' ')}`),
    durations.length > 0 ? `\n${measured}` : dim('\nno run has been measured yet'),
  ].join('\n')
}

export async function showTemplates(name: string, options: Options): Promise<void> {
  const all = await openWorkflows(options).templates()
  if (name === '') {
    if (options.json) return json(all)
    const rows = all.map((one) => [one.name, `${one.definition} v${one.version}`, one.title, one.description])
    return line(all.length === 0 ? nothing('templates') : table(['template', 'runs', 'title', 'what'], rows))
  }
  const template = all.find((one) => one.name === name)
  if (!template) {
    throw new Terminal('UNKNOWN_TEMPLATE', `there is no template "${name}"`, {
      hint: `there are: ${all.map((one) => one.name).join(', ')}`,
    })
  }
  if (options.json) return json(template)
  line(`${bold(template.name)}  ${template.title}\n${template.description}\n`)
  line(`input (JSON Schema):\n${JSON.stringify(template.inputSchema, null, 2)}`)
  line(`\nnext: ./pitcrew workflows start ${template.name} --input FILE`)
}
