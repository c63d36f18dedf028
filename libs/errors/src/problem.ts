/** Failures as answers over HTTP: problem details, RFC 9457, with our code and hint as members of their own. */
import { Terminal, toFailure, type Failure } from './errors.ts'
import { statusOf } from './status.ts'

export interface Problem {
  status: number
  headers: Record<string, string>
  body: { type: 'about:blank'; title: string; status: number; detail: string; code: string; hint?: string }
}

export function problemOf(thrown: unknown): Problem {
  const failure = asFailure(thrown)
  const { code, message: detail, hint } = failure
  const { http: status } = statusOf(failure)
  const headers: Problem['headers'] = { 'content-type': 'application/problem+json' }
  if (failure.kind === 'retryable') {
    headers['retry-after'] = String(Math.max(1, Math.ceil((failure.afterMs ?? 1_000) / 1_000)))
  }
  return { status, headers, body: { type: 'about:blank', title: code, status, detail, code, hint } }
}

/** What an HTTP library refuses by itself is the client's fault: by their convention it has a `statusCode` below 500. */
function asFailure(thrown: unknown): Failure {
  const { kind, statusCode = 500, message = '' } = (thrown ?? {}) as Partial<Failure> & { statusCode?: number }
  if (kind !== undefined || statusCode >= 500) return toFailure(thrown)
  if (statusCode === 413) return new Terminal('TOO_LARGE', message, { cause: thrown, hint: 'send less at a time' })
  return new Terminal('BAD_REQUEST', message, { cause: thrown })
}
