/**
 * Results of tasks, as agents send them: protobuf over request-reply on `workflow.results.<partition>`. Agents may publish
 * here and not to the inbox, so an agent can end its own tasks and start or steer nothing.
 */
import { agent } from '@pitcrew/contracts'
import { Terminal, toFailure, toWire, type WireFailure } from '@pitcrew/errors'
import type { Incoming, Json } from '@pitcrew/workflow'

export interface ResultsOptions {
  submit: (id: string, event: Incoming) => Promise<void>
  /** False refuses the result of an agent that may not work at present; the task is then left to another. */
  mayReport?: (agent: string) => boolean
  /** Told how long the work took at the agent. */
  onDuration: (capability: string, ms: number) => void
}

/** Each result is answered for itself, all when the last is durable. */
export async function takeResults(data: Uint8Array, options: ResultsOptions): Promise<Uint8Array> {
  const { results, progress } = decode(data)
  for (const { workflowId, taskId, attempt, percent, note } of progress) {
    const path = pathOf(workflowId, taskId)
    // The next one replaces it, so one that comes too late, or to the wrong leader, is no loss.
    options.submit(workflowId, { type: 'progressed', path, attempt, percent, note }).catch(() => undefined)
  }
  const receptions = await Promise.all(results.map((result) => take(result, options)))
  return agent.ReportResultsResponse.encode({ receptions }).finish()
}

async function take(result: agent.TaskResult, options: ResultsOptions): Promise<agent.Reception> {
  const { submit, mayReport, onDuration } = options
  try {
    if (mayReport && !mayReport(result.agent))
      throw new Terminal('BLOCKED', `${result.agent} is blocked; its results are not taken`)
    await submitOutcome(result, submit)
    if (result.capability !== '') onDuration(result.capability, result.durationUs / 1_000)
    return { refusal: undefined }
  } catch (error) {
    const { kind, code, message, hint = '', afterMs = 0 } = toWire(toFailure(error))
    return { refusal: { kind, code, message, hint, afterMs } }
  }
}

/** A result that the log cannot hold is a failure of the task, which the workflow has to learn. */
async function submitOutcome(result: agent.TaskResult, submit: ResultsOptions['submit']): Promise<void> {
  try {
    await submit(result.workflowId, eventOf(result))
  } catch (error) {
    const failure = toFailure(error)
    if (failure.code !== 'PAYLOAD_TOO_LARGE') throw failure
    const { code, message, hint = '' } = failure
    const refused = { kind: 'terminal', code, message, hint, afterMs: 0 }
    await submit(result.workflowId, eventOf({ ...result, output: undefined, failure: refused }))
  }
}

function eventOf(result: agent.TaskResult): Incoming {
  const { workflowId, taskId, attempt, failure, agent: by, durationUs } = result
  const path = pathOf(workflowId, taskId)
  const common = { path, attempt, agent: by, tookMs: Math.round(durationUs / 1_000) }
  if (failure) return { type: 'task-failed', ...common, failure: toWireFailure(failure) }
  return { type: 'task-succeeded', ...common, output: outputOf(result) }
}

function outputOf({ output, taskId }: agent.TaskResult): Json {
  try {
    return JSON.parse(Buffer.from(output ?? []).toString() || 'null') as Json
  } catch (error) {
    throw new Terminal('BAD_REQUEST', `the output of ${taskId} is not JSON`, { cause: error })
  }
}

const pathOf = (workflowId: string, taskId: string): string => taskId.slice(workflowId.length + 1)

/** Proto messages know no absent string, so empty stands for absent. */
function toWireFailure({ kind, code, message, hint, afterMs }: agent.Failure): WireFailure {
  const known = kind === 'terminal' || kind === 'cancelled' ? kind : 'retryable'
  return { kind: known, code: code || 'INTERNAL', message, ...(hint && { hint }), ...(afterMs && { afterMs }) }
}

function decode(data: Uint8Array): agent.ReportResultsRequest {
  try {
    return agent.ReportResultsRequest.decode(data)
  } catch (error) {
    throw new Terminal('BAD_REQUEST', 'not results of tasks', { cause: error })
  }
}
