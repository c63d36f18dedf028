/** The transitions of a workflow as they happen, each once, also across lost connections. */
import { setTimeout as pause } from 'node:timers/promises'
import { engine } from '@pitcrew/contracts'
import { toFailure } from '@pitcrew/errors'
import { problem, unreachable, type HttpOptions } from './http.ts'
import { createSseParser } from './sse.ts'

/** Connections that are lost one after the other before it is given up. */
const patience = 20
const pauseMs = 500

/** Ends when its reader does. Throws the failure that the platform refuses with, or Retryable PLATFORM_UNREACHABLE. */
export async function* followWorkflow(
  url: string,
  id: string,
  after: number,
  options: HttpOptions = {},
): AsyncGenerator<engine.FollowWorkflowsResponse> {
  let last = after
  for (let lost = 0; ;) {
    try {
      for await (const told of connection(url, id, last, options)) {
        last = told.transition?.number ?? last
        lost = 0
        yield told
      }
    } catch (error) {
      const failure = toFailure(error)
      if (failure.kind !== 'retryable' || ++lost > patience) throw failure
    }
    await pause(pauseMs, undefined, { signal: options.signal })
  }
}

async function* connection(
  url: string,
  id: string,
  after: number,
  { token, signal }: HttpOptions,
): AsyncGenerator<engine.FollowWorkflowsResponse> {
  const address = `${url}/v1/workflows/${encodeURIComponent(id)}/events?after=${after}`
  const headers = { accept: 'text/event-stream', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
  const response = await fetch(address, { headers, signal }).catch((cause: unknown) => {
    throw unreachable(address, cause)
  })
  if (!response.ok || response.body === null) throw problem(address, response.status, await response.text())
  const parse = createSseParser()
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream()))
    for (const { event, data } of parse(chunk)) {
      if (event === 'transition') yield engine.FollowWorkflowsResponse.fromJSON(JSON.parse(data))
      if (event === 'problem') throw problem(address, (JSON.parse(data) as { status: number }).status, data)
    }
}
