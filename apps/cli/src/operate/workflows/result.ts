import type { engine } from '@pitcrew/contracts'
import { Retryable } from '@pitcrew/errors'
import type { Target } from '../../api/locate.ts'
import { openWorkflows, type Workflows } from '../../api/workflows.ts'
import { json, line } from '../output.ts'
import { findWorkflow } from './find.ts'
import { givenCount } from './given.ts'
import { failureLines, outcomeText, statusText } from './text.ts'

/** One request is held no longer, so that what lies between does not cut it off. */
const holdMs = 20_000

/** Gives whether it has completed. */
export async function showResult(start: string, options: Target & { json?: boolean; wait: string }): Promise<boolean> {
  const waitMs = givenCount(options.wait, '--wait') * 1_000
  const workflows = openWorkflows(options)
  const id = await findWorkflow(workflows, start)
  const result = waitMs === 0 ? ended(id, await workflows.result(id, 0)) : await waitForEnd(workflows, id, waitMs)
  if (options.json) json(result)
  else line(resultText(result))
  return result.status === 'WORKFLOW_STATUS_COMPLETED'
}

/** @param timeoutMs 0 waits for ever. Throws Retryable STILL_OPEN. */
export async function waitForEnd(
  workflows: Workflows,
  id: string,
  timeoutMs: number,
): Promise<engine.WaitForResultResponse> {
  const until = timeoutMs === 0 ? Infinity : Date.now() + timeoutMs
  for (;;) {
    const left = until - Date.now()
    const result = await workflows.result(id, Math.max(0, Math.min(holdMs, left)))
    if (result.ended || left <= holdMs) return ended(id, result)
  }
}

function ended(id: string, result: engine.WaitForResultResponse): engine.WaitForResultResponse {
  if (result.ended) return result
  throw new Retryable('STILL_OPEN', `workflow ${id} has not ended: it is ${statusText(result.status)}`, {
    hint: `./pitcrew workflows show ${id} tells what it waits for; result ${id} --wait 60 waits a minute`,
  })
}

export function resultText({ status, outcome, output, failure }: engine.WaitForResultResponse): string {
  const said = outcomeText(outcome, status)
  const lines = [`${statusText(status)}${said ? `: ${said}` : ''}`]
  if (failure) lines.push(failureLines(failure))
  if (output !== undefined && output !== null) lines.push(JSON.stringify(output, null, 2))
  return lines.join('\n')
}
