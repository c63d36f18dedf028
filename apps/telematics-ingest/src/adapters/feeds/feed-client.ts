/**
 * One provider's API over HTTP. Invariants:
 * 1. Credentials go to the configured host only: redirects are not followed, and links in an answer are not either.
 * 2. No request lasts longer than the timeout, no answer is larger than the limit, no more requests go out than the budget has.
 * 3. Whatever happens is a Retryable, or Terminal FEED_CURSOR_GONE (410) or FEED_NOT_FOUND (404).
 */
import { setTimeout as delay } from 'node:timers/promises'
import { Cancelled, Retryable, Terminal } from '@pitcrew/errors'
import { requestBudget } from '../../domain/request-budget.ts'
import type { FeedAddress } from './feed-address.ts'

export interface FeedClientOptions {
  timeoutMs: number
  maxBytes: number
  requestsPerSecond: number
}

export interface FeedAnswer {
  json: unknown
  retryAfterMs: number | undefined
}

export interface FeedClient {
  /** `path` begins with a slash and is added to the base URL. */
  get(path: string, signal: AbortSignal): Promise<FeedAnswer>
}

export function feedClient({ url, authorization }: FeedAddress, options: FeedClientOptions): FeedClient {
  const { timeoutMs, maxBytes, requestsPerSecond } = options
  const headers: Record<string, string> = { accept: 'application/json' }
  if (authorization !== undefined) headers.authorization = authorization
  const waitMs = requestBudget(requestsPerSecond, Math.max(1, Math.ceil(requestsPerSecond)))

  return {
    async get(path, signal) {
      try {
        await delay(waitMs(performance.now()), undefined, { signal })
        const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
        const response = await fetch(url + path, { headers, signal: limit, redirect: 'manual' })
        const json = asJson(await bodyOf(response, maxBytes))
        return { json, retryAfterMs: retryAfterMs(response) }
      } catch (thrown) {
        throw asFailure(thrown, signal, timeoutMs)
      }
    },
  }
}

async function bodyOf(response: Response, maxBytes: number): Promise<string> {
  if (!response.ok) {
    await response.body?.cancel()
    throw refusalOf(response)
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > maxBytes)
      throw new Retryable('BAD_FEED', `a page is larger than ${maxBytes} bytes: expected less for this limit`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The cause would quote what the provider sent.
    throw new Retryable('BAD_FEED', 'a page is not JSON: expected application/json')
  }
}

function refusalOf(response: Response): Error {
  const { status } = response
  const afterMs = retryAfterMs(response)
  if (status === 410) return new Terminal('FEED_CURSOR_GONE', 'the telematics API no longer knows the cursor')
  if (status === 404) return new Terminal('FEED_NOT_FOUND', 'the telematics API has nothing at this address')
  if (status === 429) return new Retryable('RATE_LIMITED', 'the telematics API limits our rate', { afterMs })
  if (status === 401 || status === 403)
    return new Retryable('FEED_DENIED', `the telematics API answered ${status}: expected our credentials to do`, {
      afterMs,
      hint: 'correct TELEMATICS_API_SECRETS',
    })
  if (status >= 300 && status < 400)
    return new Retryable('FEED_MOVED', `the telematics API answered ${status}: redirects are not followed`, {
      hint: 'name its final address in TELEMATICS_APIS',
    })
  return new Retryable('FEED_UNAVAILABLE', `the telematics API answered ${status}: expected 200`, { afterMs })
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function retryAfterMs({ headers }: Response): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? ''
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Number(text) * 1000
  const until = /[a-z]/i.test(text) ? Date.parse(text) : NaN
  return Number.isFinite(until) ? Math.max(0, until - Date.now()) : undefined
}

function asFailure(thrown: unknown, signal: AbortSignal, timeoutMs: number): unknown {
  if (thrown instanceof Retryable || thrown instanceof Terminal) return thrown
  if (signal.aborted) return new Cancelled('ABORTED', 'polling was stopped', { cause: thrown })
  if (Error.isError(thrown) && thrown.name === 'TimeoutError')
    return new Retryable('FEED_TIMEOUT', `the telematics API did not answer within ${timeoutMs} ms`, { cause: thrown })
  return new Retryable('FEED_UNAVAILABLE', 'the telematics API cannot be reached', { cause: thrown })
}
