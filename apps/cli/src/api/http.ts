import { Cancelled, Retryable, Terminal, type Failure } from '@pitcrew/errors'

export interface HttpOptions {
  /** API key, for a platform that asks for one. */
  token?: string
  signal?: AbortSignal
}

const usualTimeoutMs = 15_000

export interface Question extends HttpOptions {
  method?: 'GET' | 'POST'
  body?: unknown
  /** Default 15 s. */
  timeoutMs?: number
}

/** One request, answered with JSON. */
export async function askJson(url: string, question: Question = {}): Promise<unknown> {
  const text = await askText(url, question)
  return text === '' ? {} : parse(url, text)
}

/** One request. An answer that is a problem (RFC 9457) is thrown as the failure that it tells of. */
export async function askText(
  url: string,
  { method = 'GET', body, token, signal, timeoutMs = usualTimeoutMs }: Question = {},
): Promise<string> {
  const limit = AbortSignal.timeout(timeoutMs)
  const headers = {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
  let status: number
  let text: string
  try {
    const response = await fetch(url, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    })
    status = response.status
    text = await response.text()
  } catch (cause) {
    if (signal?.aborted) throw new Cancelled('CANCELLED', 'it was interrupted', { cause })
    if (body !== undefined && wasCutOff(cause)) throw cutOff(url, cause)
    throw unreachable(url, cause)
  }
  if (status >= 400) throw problem(url, status, text)
  return text
}

const cutOffCodes = ['EPIPE', 'ECONNRESET', 'UND_ERR_SOCKET']

/** A server that takes no more of a body closes the connection, and its answer may be lost with it. */
function wasCutOff(thrown: unknown): boolean {
  const cause = Error.isError(thrown) ? (thrown.cause as NodeJS.ErrnoException | undefined) : undefined
  return cutOffCodes.includes(cause?.code ?? '')
}

function cutOff(url: string, cause: unknown): Retryable {
  return new Retryable('CONNECTION_LOST', `${new URL(url).origin} closed the connection while it was being sent to`, {
    cause,
    hint: 'it was stopped, or this is larger than it takes: GATEWAY_MAX_BODY_BYTES of the gateway, 1 MiB by default',
  })
}

export function unreachable(url: string, cause: unknown): Retryable {
  return new Retryable('PLATFORM_UNREACHABLE', `nothing answers at ${new URL(url).origin}`, {
    cause,
    hint: './pitcrew up starts a platform; --url or PITCREW_URL names another',
  })
}

function parse(url: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Terminal('NOT_PITCREW', `${new URL(url).origin} answers, but not as Pitcrew's gateway does`, {
      cause,
      hint: 'check --url or PITCREW_URL',
    })
  }
}

/** The failure that an answer with an error status tells of. */
export function problem(url: string, status: number, text: string): Failure {
  const { code, detail, title, hint } = problemOf(text)
  const message = detail ?? title ?? `${new URL(url).pathname} was answered ${status}`
  const options = { hint, details: { status } }
  if (status >= 500 || status === 429) return new Retryable(code ?? 'PLATFORM_FAILED', message, options)
  return new Terminal(code ?? 'REFUSED', message, options)
}

function problemOf(text: string): { code?: string; detail?: string; title?: string; hint?: string } {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    return {} // not a problem document; the status tells
  }
}
