import { statusOf, Terminal, toFailure, type Failure } from '@pitcrew/errors'
import type { FastifyReply } from 'fastify'

/** RFC 9457 problem details, with the failure's code and what to do next. */
export function sendProblem(reply: FastifyReply, error: unknown): FastifyReply {
  const failure = classify(error)
  const { http } = statusOf(failure)
  if (failure.kind === 'retryable' && failure.afterMs !== undefined)
    reply.header('retry-after', Math.ceil(failure.afterMs / 1_000))
  const { code, message, hint } = failure
  return reply
    .code(http)
    .type('application/problem+json')
    .send({ type: 'about:blank', title: code, status: http, code, detail: message, hint })
}

/** What the HTTP library refuses is the client's fault, and says so with a status of its own. */
function classify(error: unknown): Failure {
  const { statusCode, code, message } = (error ?? {}) as { statusCode?: number; code?: string; message?: string }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Terminal('TOO_LARGE', 'the body is too large', { cause: error })
  if (code?.startsWith('FST_') && statusCode !== undefined && statusCode < 500) {
    return new Terminal('BAD_REQUEST', message ?? code, { cause: error, hint: 'see /docs for what is expected' })
  }
  return toFailure(error)
}
