/**
 * What can be asked of a partition's leader, as JSON over request-reply on `workflow.inbox.<partition>`. An answer means
 * that what was asked is durable. Results of tasks come another way (results.ts), since agents may send those and no more.
 */
import { fromWire, Retryable, Terminal, type WireFailure } from '@pitcrew/errors'
import type { Ending, Incoming, Json, View, WorkflowState } from '@pitcrew/workflow'

/** Events that may come from outside of the engine. */
export type Asked = Extract<Incoming, { type: (typeof askable)[number] }>

export type Request =
  | { op: 'submit'; id: string; event: Asked }
  | { op: 'update'; id: string; event: Extract<Asked, { type: 'updated' }> }
  | { op: 'get'; id: string }
  | { op: 'query'; id: string; name: string }
  /** Waits for the end, at most `waitMs`. */
  | { op: 'result'; id: string; waitMs: number }

export type Answer =
  | { is: 'done' }
  | { is: 'workflow'; state: WorkflowState; view: View }
  | { is: 'value'; value: Json }
  | { is: 'ending'; ending: Ending }
  /** It has not ended yet. */
  | { is: 'open' }

export type Reply = Answer | { error: WireFailure }

const askable = [
  'started',
  'signalled',
  'updated',
  'decided',
  'paused',
  'resumed',
  'cancelled',
  'terminated',
  'retried',
  'reset',
  'migrated',
  'progressed',
  'child-ended',
] as const

const operations = ['submit', 'update', 'get', 'query', 'result']

/** What an event has to have, beyond its type; an engine of another version may send more. */
const texts: Partial<Record<Asked['type'], string[]>> = {
  started: ['definition'],
  signalled: ['signal', 'signalId'],
  updated: ['name', 'updateId', 'by'],
  decided: ['path', 'by', 'decisionId'],
  paused: ['reason', 'by'],
  resumed: ['by'],
  cancelled: ['reason', 'by'],
  terminated: ['reason', 'by'],
  retried: ['by'],
  reset: ['to', 'reason', 'by'],
  migrated: ['by'],
  'child-ended': ['path', 'childId'],
}

export const encode = (value: Request | Reply): Uint8Array => Buffer.from(JSON.stringify(value))

/** @throws Terminal BAD_REQUEST saying what is missing */
export function decodeRequest(data: Uint8Array): Request {
  const request = parse(data) as Partial<Request>
  if (typeof request !== 'object' || request === null || !operations.includes(String(request.op)))
    throw bad(`op is ${JSON.stringify(request?.op)}, expected one of ${operations.join(', ')}`)
  // Ids end up in subjects' payloads, paths and SQL; a length keeps them out of trouble everywhere.
  if (typeof request.id !== 'string' || request.id === '' || request.id.length > 200)
    throw bad('id must be a text of 1 to 200 characters')
  if ('event' in request) checkEvent(request.event)
  return request as Request
}

function checkEvent(event: unknown): void {
  const { type, ...rest } = (event ?? {}) as { type?: Asked['type'] } & Record<string, unknown>
  if (type === undefined || !askable.includes(type))
    throw bad(`an event of type ${JSON.stringify(type)} cannot be asked for`)
  for (const field of texts[type] ?? [])
    if (typeof rest[field] !== 'string')
      throw bad(`${type}: ${field} must be a text, found ${JSON.stringify(rest[field])}`)
}

function parse(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString())
  } catch (error) {
    throw new Terminal('BAD_REQUEST', 'the inbox takes JSON', { cause: error })
  }
}

const bad = (message: string): Terminal => new Terminal('BAD_REQUEST', message, { hint: 'use workflowClient' })

/** @throws what the leader answered with */
export function unwrap(data: Uint8Array): Answer {
  let reply: Reply
  try {
    reply = JSON.parse(Buffer.from(data).toString()) as Reply
  } catch (error) {
    throw new Retryable('BAD_REPLY', 'the leader answered something that is not JSON', { cause: error })
  }
  if ('error' in reply) throw fromWire(reply.error)
  return reply
}
