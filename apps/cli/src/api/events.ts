/** What happens on a platform, as it happens. */
import { setTimeout as pause } from 'node:timers/promises'
import { Retryable, toFailure } from '@pitcrew/errors'
import { unreachable, type HttpOptions } from './http.ts'
import { createSseParser } from './sse.ts'

export interface PlatformEvent {
  /** `alert.raised`, `case.changed`, ... */
  type: string
  /** The message, as proto3 JSON. */
  message: unknown
}

export interface EventQuery {
  vehicle?: string
  case?: string
}

export interface EventStream {
  close(): Promise<void>
}

/**
 * Resolves once the stream is open, so that nothing which is caused afterwards is missed. A connection that is lost is made
 * again; what happened in between is not told, so whoever must know asks for the state as well.
 */
export async function followEvents(
  url: string,
  query: EventQuery,
  onEvent: (event: PlatformEvent) => void,
  { token }: HttpOptions = {},
): Promise<EventStream> {
  const ended = new AbortController()
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined)).toString()
  const address = `${url}/v1/events${search === '' ? '' : `?${search}`}`
  const first = await connect(address, token, ended.signal)
  const reading = (async () => {
    for (let body: ReadableStream<Uint8Array> | undefined = first; !ended.signal.aborted;) {
      if (body) await read(body, onEvent).catch(() => {})
      if (ended.signal.aborted) return
      await pause(500)
      body = await connect(address, token, ended.signal).catch(() => undefined)
    }
  })()
  return {
    async close() {
      ended.abort()
      await reading
    },
  }
}

async function connect(
  address: string,
  token: string | undefined,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const headers = { accept: 'text/event-stream', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
  let response: Response
  try {
    response = await fetch(address, { headers, signal })
  } catch (cause) {
    throw unreachable(address, cause)
  }
  if (response.ok && response.body !== null) return response.body
  throw new Retryable('NO_EVENTS', `the event stream was answered ${response.status}`, {
    hint: 'is the platform ready? ./pitcrew status',
  })
}

async function read(body: ReadableStream<Uint8Array>, onEvent: (event: PlatformEvent) => void): Promise<void> {
  const parse = createSseParser()
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    for (const { event, data } of parse(chunk)) onEvent({ type: event, message: parseData(data) })
  }
}

function parseData(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch (error) {
    throw toFailure(error)
  }
}
