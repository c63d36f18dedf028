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
/** The first one ends soon, to see whether a person is waited for. */
const firstHoldMs = 1_000

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
  const told = new Set<string>()
  for (let hold = firstHoldMs; ; hold = holdMs) {
    const left = until - Date.now()
    const result = await workflows.result(id, Math.max(0, Math.min(hold, left)))
    if (result.ended || left <= hold) return ended(id, result)
    await tellApprovals(workflows, id, told)
  }
}

/** Whoever waits at a terminal may be the one who is waited for. */
async function tellApprovals(workflows: Workflows, id: string, told: Set<string>): Promise<void> {
  for (const { path, approvers, reason } of await workflows.approvals({ workflow: id, limit: 10 })) {
    if (told.has(path)) continue
    told.add(path)
    const words = `it waits for ${approvers} to approve: ${reason}`
    process.stderr.write(`${words}\n  next: ./pitcrew workflows approve ${id} ${path}   (or reject)\n`)
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
