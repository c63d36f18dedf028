/** What a handler knows of its call, and what its server knows: one value, made by the server before the handler runs. */
import type { Metadata } from '@grpc/grpc-js'
import { Cancelled, Retryable } from '@pitcrew/errors'

export interface CallContext {
  readonly metadata: Metadata
  /** Aborts with a Failure when the caller went away or its deadline passed. */
  readonly signal: AbortSignal
  /** Milliseconds since the epoch; undefined: the caller set none. */
  readonly deadline: number | undefined
}

export interface ServerCall extends CallContext {
  /** Aborts when the server is to stop: long calls come to an end by themselves. */
  readonly draining: AbortSignal
}

interface Call {
  metadata: Metadata
  getDeadline(): Date | number
  on(event: 'cancelled', listener: () => void): unknown
}

const known = new WeakMap<object, ServerCall>()

/** A handler that is called without a server of ours, as some tests do, is never told to drain. */
export function serverCall(call: Call, draining: AbortSignal = new AbortController().signal): ServerCall {
  const before = known.get(call)
  if (before !== undefined) return before
  const gone = new AbortController()
  const limit = Number(call.getDeadline())
  const deadline = Number.isFinite(limit) ? limit : undefined
  call.on('cancelled', () => gone.abort(reasonToStop(deadline)))
  const made = { metadata: call.metadata, signal: gone.signal, deadline, draining }
  known.set(call, made)
  return made
}

/** grpc-js says "cancelled" for both, up to some milliseconds before the deadline that it was given. */
function reasonToStop(deadline: number | undefined) {
  return deadline !== undefined && Date.now() >= deadline - 10
    ? new Retryable('DEADLINE_EXCEEDED', 'the deadline of the caller has passed')
    : new Cancelled('ABORTED', 'the caller went away')
}
