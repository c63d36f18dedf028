/**
 * What can be asked of a partition's leader, as JSON over request-reply on `workflow.inbox.<partition>`. An answer means
 * that what was asked is durable.
 */
import { agent } from '@pitcrew/contracts'
import { fromWire, Retryable, Terminal, type WireFailure } from '@pitcrew/errors'
import type { Incoming, Json, View, WorkflowState } from '@pitcrew/workflow'

export type Request =
  | {
      op: 'start'
      id: string
      definition: string
      version: number
      input: Json
      attributes?: { [name: string]: Json }
      trace?: string
    }
  | { op: 'signal'; id: string; signal: string; signalId: string; payload: Json; trace?: string }
  | { op: 'pause'; id: string; reason: string; by: string }
  | { op: 'resume'; id: string; by: string }
  | { op: 'cancel'; id: string; reason: string; by: string }
  | { op: 'retry'; id: string; by: string }
  | { op: 'get'; id: string }
  | { op: 'task-result'; result: unknown }

export type Reply = { ok: true; workflow?: { state: WorkflowState; view: View } } | { error: WireFailure }

export const encode = (value: Request | Reply): Uint8Array => Buffer.from(JSON.stringify(value))

export function decodeRequest(data: Uint8Array): Request {
  try {
    return JSON.parse(Buffer.from(data).toString()) as Request
  } catch (error) {
    throw new Terminal('BAD_REQUEST', 'the inbox takes JSON', { cause: error })
  }
}

/** The event that a request stands for, and the workflow it is for. */
export function toEvent(request: Exclude<Request, { op: 'get' }>): { id: string; event: Incoming } {
  switch (request.op) {
    case 'start': {
      const { id, definition, version, input, attributes, trace } = request
      return {
        id,
        event: {
          type: 'started',
          definition,
          version,
          input,
          ...(attributes && { attributes }),
          ...(trace && { trace }),
        },
      }
    }
    case 'signal': {
      const { id, signal, signalId, payload, trace } = request
      return { id, event: { type: 'signalled', signal, signalId, payload, ...(trace && { trace }) } }
    }
    case 'pause':
      return { id: request.id, event: { type: 'paused', reason: request.reason, by: request.by } }
    case 'resume':
      return { id: request.id, event: { type: 'resumed', by: request.by } }
    case 'cancel':
      return { id: request.id, event: { type: 'cancelled', reason: request.reason, by: request.by } }
    case 'retry':
      return { id: request.id, event: { type: 'retried', by: request.by } }
    case 'task-result':
      return fromResult(agent.TaskResult.fromJSON(request.result))
  }
}

function fromResult(result: agent.TaskResult): { id: string; event: Incoming } {
  const { workflowId, taskId, attempt, failure } = result
  const path = taskId.slice(workflowId.length + 1)
  if (failure)
    return {
      id: workflowId,
      event: { type: 'task-failed', path, attempt, failure: toWireFailure(failure), agent: result.agent },
    }
  const output = JSON.parse(Buffer.from(result.output ?? []).toString() || 'null') as Json
  return { id: workflowId, event: { type: 'task-succeeded', path, attempt, output, agent: result.agent } }
}

/** Proto messages know no absent string, so empty stands for absent. */
function toWireFailure({ kind, code, message, hint, afterMs }: agent.Failure): WireFailure {
  const known = kind === 'terminal' || kind === 'cancelled' ? kind : 'retryable'
  return { kind: known, code: code || 'INTERNAL', message, ...(hint && { hint }), ...(afterMs && { afterMs }) }
}

export function unwrap(data: Uint8Array): Extract<Reply, { ok: true }> {
  let reply: Reply
  try {
    reply = JSON.parse(Buffer.from(data).toString()) as Reply
  } catch (error) {
    throw new Retryable('BAD_REPLY', 'the leader answered something that is not JSON', { cause: error })
  }
  if ('error' in reply) throw fromWire(reply.error)
  return reply
}
