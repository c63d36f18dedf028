/**
 * F1: asks an OpenAI-compatible endpoint for one answer (POST <base URL>/chat/completions, not streamed).
 *
 * Invariants
 *  O1 The key is sent to the configured address only (redirects are not followed), and is in no error, log line or answer.
 *  O2 Whatever the other side does, a call ends: in `timeoutMs` for each attempt, after `attempts` of them, with at most
 *     `mostBytes` read.
 *  O3 What may pass (429, 5xx, no connection, no answer in time) is tried again, not before the time that the other side names;
 *     if that is too far off, the call ends at once.
 */
import { Retryable, Terminal, toFailure, type Failure } from '@pitcrew/errors'
import { readWithin } from './read-within.ts'
import { waitMs } from './retry-after.ts'

export interface ChatOptions {
  /** With the version, as OpenAI's own clients have it: `http://127.0.0.1:11434/v1`. */
  baseUrl: string
  key: string
  model: string
  timeoutMs: number
  attempts: number
  mostBytes: number
  /** Waits before another attempt; rejects when the signal aborts. */
  pause: (ms: number, signal?: AbortSignal) => Promise<void>
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/** Further off than this there is no use in waiting, milliseconds. */
const longestWaitMs = 30_000
const backoffMs = [1_000, 4_000]

export class ChatCompletions {
  readonly #options: ChatOptions
  readonly #url: URL
  /** False once the endpoint has refused a schema: then it is asked for any JSON. */
  #schemas = true

  constructor(options: ChatOptions) {
    this.#options = options
    this.#url = urlOf(options)
  }

  /**
   * The content of the first choice.
   * @throws Retryable PLANNER_UNAVAILABLE, Terminal PLANNER_REFUSED, BAD_ANSWER, Cancelled when the signal aborts
   */
  async ask(messages: readonly ChatMessage[], schema: object, signal?: AbortSignal): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const failure = await this.#try(messages, schema, signal)
      if (typeof failure === 'string') return failure
      if (failure.kind !== 'retryable' || attempt >= this.#options.attempts) throw failure
      const wait = failure.afterMs ?? backoffMs[attempt - 1] ?? longestWaitMs
      if (wait > longestWaitMs) throw failure
      await this.#options.pause(wait, signal)
    }
  }

  async #try(messages: readonly ChatMessage[], schema: object, signal?: AbortSignal): Promise<string | Failure> {
    const { timeoutMs } = this.#options
    const within = AbortSignal.timeout(timeoutMs)
    try {
      return contentOf(await this.#post(messages, schema, signal ? AbortSignal.any([signal, within]) : within))
    } catch (error) {
      if (signal?.aborted) throw toFailure(new DOMException('the planner was told to stop', 'AbortError'))
      if (within.aborted) {
        return new Retryable('PLANNER_UNAVAILABLE', `the planner gave no answer within ${timeoutMs} ms`)
      }
      const failure = toFailure(error)
      if (failure.code !== 'INTERNAL') return failure
      return new Retryable('PLANNER_UNAVAILABLE', `the planner cannot be reached: ${causeOf(error)}`)
    }
  }

  async #post(messages: readonly ChatMessage[], schema: object, signal: AbortSignal): Promise<string> {
    const { key, model, mostBytes } = this.#options
    const asked = this.#schemas
    const response = await fetch(this.#url, {
      method: 'POST',
      redirect: 'error',
      signal,
      headers: { 'content-type': 'application/json', ...(key !== '' && { authorization: `Bearer ${key}` }) },
      body: JSON.stringify({
        model,
        messages,
        stream: false,
        response_format: asked
          ? { type: 'json_schema', json_schema: { name: 'plan', strict: true, schema } }
          : { type: 'json_object' },
      }),
    })
    const text = await readWithin(response, mostBytes)
    if (response.ok) return text
    if (asked && response.status === 400 && /response_format|json_schema/.test(text)) {
      this.#schemas = false
      return this.#post(messages, schema, signal)
    }
    throw this.#refusal(response, text)
  }

  #refusal({ status, headers }: Response, text: string): Failure {
    const said = this.#safe(text)
    if (status === 429 || status === 408 || status >= 500) {
      return new Retryable('PLANNER_UNAVAILABLE', `the planner answered ${status}: ${said}`, {
        afterMs: waitMs(headers),
      })
    }
    return new Terminal('PLANNER_REFUSED', `the planner answered ${status}: ${said}`, {
      hint: 'check PLANNER_BASE_URL, PLANNER_MODEL and PLANNER_API_KEY',
    })
  }

  /** Some servers repeat the key when they refuse it, whole or with its middle left out. */
  #safe(text: string): string {
    const { key } = this.#options
    const plain = text.replaceAll(/\p{Cc}+/gu, ' ')
    const whole = key === '' ? plain : plain.replaceAll(key, '(key)')
    return whole.replaceAll(/\b(sk|key)-[\w*.-]+/g, '(key)').slice(0, 200)
  }
}

function urlOf({ baseUrl, key }: ChatOptions): URL {
  const url = URL.parse('chat/completions', `${baseUrl.replace(/\/+$/, '')}/`)
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '') {
    throw new Terminal('BAD_CONFIG', 'PLANNER_BASE_URL: expected an address like https://host/v1, without credentials')
  }
  const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  if (key !== '' && url.protocol === 'http:' && !local) {
    throw new Terminal('BAD_CONFIG', 'PLANNER_BASE_URL: a key would travel unencrypted to another machine', {
      hint: 'use https, or leave PLANNER_API_KEY out where the endpoint wants none',
    })
  }
  return url
}

function contentOf(text: string): string {
  let body: { choices?: { message?: { content?: unknown; refusal?: unknown }; finish_reason?: unknown }[] } | null
  try {
    body = JSON.parse(text) as typeof body
  } catch (cause) {
    throw new Terminal('BAD_ANSWER', 'the planner did not answer with JSON', { cause })
  }
  const choice = body?.choices?.[0]
  const content = choice?.message?.content
  if (choice?.finish_reason === 'length') throw new Terminal('BAD_ANSWER', 'the answer of the planner was cut off')
  if (typeof content === 'string' && content !== '') return content
  const refusal = typeof choice?.message?.refusal === 'string' ? ': it refused' : ''
  throw new Terminal('BAD_ANSWER', `the planner gave no content${refusal}`)
}

/** Of what `fetch` throws, the cause says what happened. */
function causeOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; message?: string } }
  return cause?.code ?? cause?.message ?? (error as Error).message
}
