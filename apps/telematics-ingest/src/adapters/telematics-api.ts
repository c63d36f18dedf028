import { Retryable, Terminal } from '@pitcrew/errors'
import { readRawFrame } from '../domain/read-batch.ts'
import type { Feed, FeedPage } from '../handlers/ports.ts'

export interface TelematicsApiOptions {
  /** May hold user and password, which then go into a Basic Authorization header. */
  baseUrl: string
  pageFrames: number
  timeoutMs: number
  maxBytes: number
}

/** `GET <base>/v1/feed?cursor=&limit=` → `{ "frames": [RawFrame], "nextCursor": "...", "more": false }`. */
export function telematicsApi({ baseUrl, pageFrames, timeoutMs, maxBytes }: TelematicsApiOptions): Feed {
  const base = new URL(baseUrl)
  const headers: Record<string, string> = { accept: 'application/json' }
  if (base.username !== '')
    headers.authorization = `Basic ${Buffer.from(`${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`).toString('base64')}`
  base.username = base.password = ''
  const name = base.href.replace(/\/$/, '')

  return {
    name,
    async page(cursor, signal) {
      const url = `${name}/v1/feed?cursor=${encodeURIComponent(cursor)}&limit=${pageFrames}`
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
      const body = await fetch(url, { headers, signal: limit, redirect: 'error' })
        .then((response) => bodyOf(response, maxBytes))
        .catch((thrown: unknown) => {
          throw asFailure(thrown, timeoutMs)
        })
      return readPage(body, cursor)
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

function refusalOf({ status, headers }: Response): Error {
  if (status === 410) return new Terminal('FEED_CURSOR_GONE', 'the telematics API no longer knows the cursor')
  const seconds = Number(headers.get('retry-after') ?? NaN)
  const afterMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined
  if (status === 429) return new Retryable('RATE_LIMITED', 'the telematics API limits our rate', { afterMs })
  return new Retryable('FEED_UNAVAILABLE', `the telematics API answered ${status}: expected 200`, { afterMs })
}

function asFailure(thrown: unknown, timeoutMs: number): unknown {
  if (thrown instanceof Retryable || thrown instanceof Terminal) return thrown
  if (Error.isError(thrown) && thrown.name === 'TimeoutError')
    return new Retryable('FEED_TIMEOUT', `the telematics API did not answer within ${timeoutMs} ms`, { cause: thrown })
  return new Retryable('FEED_UNAVAILABLE', 'the telematics API cannot be reached', { cause: thrown })
}

function readPage(body: string, cursor: string): FeedPage {
  const bad = (what: string, cause?: unknown) =>
    new Retryable('BAD_FEED', `${what}: expected {"frames": [...], "nextCursor": "...", "more": false}`, { cause })
  let page: Record<string, unknown>
  try {
    page = JSON.parse(body) as Record<string, unknown>
  } catch (thrown) {
    throw bad('a page is not JSON', thrown)
  }
  const { frames, nextCursor, more } = page ?? {}
  if (!Array.isArray(frames) || typeof nextCursor !== 'string') throw bad('a page lacks its frames or its next cursor')
  if (nextCursor === cursor && more === true) throw bad('a page says that there is more and does not move on')
  try {
    return { frames: frames.map((frame, i) => readRawFrame(frame, `frames[${i}]`)), nextCursor, more: more === true }
  } catch (thrown) {
    throw bad('a page holds a frame of another shape', thrown)
  }
}
