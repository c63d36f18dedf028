import { setTimeout as delay } from 'node:timers/promises'
import { Retryable, Terminal, toFailure } from '@pitcrew/errors'

export interface PublicDoor {
  /** Throws Terminal SEED_REFUSED when refused for good, Retryable GATEWAY_UNAVAILABLE when it stays away. */
  post(path: string, body: unknown): Promise<void>
}

export interface PublicDoorOptions {
  gatewayUrl: string
  /** Sent as a bearer token. */
  token?: string
  /** How long a gateway that is away or overloaded is tried again. */
  patienceMs?: number
  signal?: AbortSignal
}

/** The gateway's REST door, as any client of the platform uses it. */
export function publicDoor({ gatewayUrl, token, patienceMs = 30_000, signal }: PublicDoorOptions): PublicDoor {
  const base = gatewayUrl.replace(/\/$/, '')
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }

  async function once(path: string, body: string): Promise<void> {
    const timeout = AbortSignal.timeout(10_000)
    const limit = signal ? AbortSignal.any([signal, timeout]) : timeout
    let answer: Response
    try {
      answer = await fetch(base + path, { method: 'POST', headers, body, signal: limit })
    } catch (cause) {
      throw new Retryable('GATEWAY_UNAVAILABLE', `the gateway at ${base} does not answer`, { cause, hint: 'is it up?' })
    }
    const text = await answer.text()
    if (answer.ok) return
    const what = `POST ${path} was answered ${answer.status}: ${text.slice(0, 300)}`
    if (answer.status !== 429 && answer.status < 500) throw new Terminal('SEED_REFUSED', what)
    const seconds = Number(answer.headers.get('retry-after') ?? NaN)
    throw new Retryable('GATEWAY_UNAVAILABLE', what, { afterMs: seconds >= 0 ? seconds * 1000 : undefined })
  }

  return {
    async post(path, body) {
      const text = JSON.stringify(body)
      const deadline = Date.now() + patienceMs
      for (let wait = 200; ; wait = Math.min(wait * 2, 3_000)) {
        try {
          return await once(path, text)
        } catch (thrown) {
          const failure = toFailure(thrown)
          const pause = failure.kind === 'retryable' ? (failure.afterMs ?? wait) : Infinity
          if (signal?.aborted || Date.now() + pause > deadline) throw failure
          await delay(pause, undefined, { signal })
        }
      }
    },
  }
}
