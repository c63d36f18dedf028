/** Events as they happen, as server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
import type { ServerResponse } from 'node:http'
import { events, type EventType } from '@pitcrew/contracts'
import { Retryable } from '@pitcrew/errors'
import type { Messaging } from '@pitcrew/messaging'

interface Listener {
  response: ServerResponse
  caseId: string | undefined
  vehicleId: string | undefined
}

/** What a slow reader may leave unread before it is cut off, so that it cannot eat the gateway's memory. */
const unreadBytes = 1_048_576
const keepAliveMs = 15_000

export class EventFeed {
  /** Every stream that is open, whatever is told on it. */
  readonly #open = new Set<ServerResponse>()
  readonly #listeners = new Set<Listener>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  /** Passes on every event that the gateway is a consumer of. */
  start(messaging: Messaging): { stop(): Promise<void> } {
    const subscriptions = Object.values(events as Record<string, EventType<unknown>>)
      .filter(({ consumers }) => consumers.includes('gateway'))
      .map((event) => messaging.listen(`${event.subject}.>`, (data) => this.#publish(event, data)))
    const keepAlive = setInterval(
      () => this.#open.forEach((response) => response.write(': still here\n\n')),
      keepAliveMs,
    )
    return {
      stop: async () => {
        clearInterval(keepAlive)
        for (const response of this.#open) response.end()
        await Promise.all(subscriptions.map((one) => one.stop()))
      },
    }
  }

  /** Follows events. @throws Retryable TOO_MANY_STREAMS */
  add(response: ServerResponse, filter: { caseId?: string; vehicleId?: string }): void {
    this.admit(response)
    const listener: Listener = { response, caseId: filter.caseId, vehicleId: filter.vehicleId }
    this.#listeners.add(listener)
    response.on('close', () => this.#listeners.delete(listener))
  }

  /** Opens a stream, on which the caller tells what it has to tell. @throws Retryable TOO_MANY_STREAMS */
  admit(response: ServerResponse): void {
    if (this.#open.size >= this.#most) {
      throw new Retryable('TOO_MANY_STREAMS', `${this.#most} event streams are open already`, {
        afterMs: 10_000,
        hint: 'close one, or raise GATEWAY_MAX_STREAMS',
      })
    }
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    response.write('retry: 1000\n\n')
    this.#open.add(response)
    response.on('close', () => this.#open.delete(response))
  }

  #publish(event: EventType<unknown>, data: Uint8Array): void {
    if (this.#listeners.size === 0) return
    const message = event.codec.toJSON(event.codec.decode(data)) as Record<string, unknown>
    const about = subjectsOf(message)
    // "analysis.alert.raised.v1" is told as "alert.raised".
    const name = event.subject.split('.').slice(1, -1).join('.')
    const chunk = `event: ${name}\ndata: ${JSON.stringify(message)}\n\n`
    for (const { response, caseId, vehicleId } of this.#listeners) {
      if (caseId !== undefined && !about.includes(caseId)) continue
      if (vehicleId !== undefined && !about.includes(vehicleId)) continue
      if (response.writableLength > unreadBytes) response.destroy()
      else response.write(chunk)
    }
  }
}

/** Ids that the message is about, at its top or one level below. */
function subjectsOf(message: Record<string, unknown>): unknown[] {
  const levels = [message, ...Object.values(message).filter((value) => typeof value === 'object' && value !== null)]
  return levels.flatMap((level) => {
    const { caseId, alertId, vehicleId } = level as Record<string, unknown>
    return [caseId, alertId, vehicleId]
  })
}
