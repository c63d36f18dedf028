import type { Target } from '../../api/locate.ts'
import { openWorkflows } from '../../api/workflows.ts'
import { tick } from '../../print/ticks.ts'
import { json, line } from '../output.ts'
import { givenCount, givenJson, givenPairs } from './given.ts'
import { resultText, waitForEnd } from './result.ts'

export interface StartOptions extends Target {
  json?: boolean
  input?: string
  id?: string
  definition?: boolean
  version?: string
  attribute: string[]
  wait?: boolean
  timeout: string
}

/** Gives whether it went well, as far as it was waited for. */
export async function startWorkflow(name: string, options: StartOptions): Promise<boolean> {
  const { id, version } = options
  const input = options.input === undefined ? undefined : givenJson(options.input, '--input')
  const timeoutMs = givenCount(options.timeout, '--timeout') * 1_000
  const workflows = openWorkflows(options)
  const started = await workflows.start({
    id,
    ...(options.definition ? { definition: name } : { template: name }),
    version: version === undefined ? undefined : givenCount(version, '--version', 1),
    input,
    attributes: givenPairs(options.attribute, '--attribute'),
  })
  const { workflowId, definition } = started
  if (!options.wait) {
    if (options.json) json(started)
    else
      line(
        `${tick('ok', workflowId, { words: `${definition} v${started.version}` })}\n  next: ./pitcrew workflows show ${workflowId}`,
      )
    return true
  }
  if (!options.json) line(tick('ok', workflowId, { words: `${definition} v${started.version}` }))
  const result = await waitForEnd(workflows, workflowId, timeoutMs)
  if (options.json) json({ ...started, ...result })
  else line(resultText(result))
  return result.status === 'WORKFLOW_STATUS_COMPLETED'
}
