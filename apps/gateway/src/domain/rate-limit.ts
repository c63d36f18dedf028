import { Retryable } from '@pitcrew/errors'

/** A token bucket for each client, refilled evenly over a minute. */
export class RateLimit {
  readonly #perMinute: number
  readonly #buckets = new Map<string, { tokens: number; at: number }>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** @throws Retryable RATE_LIMITED */
  take(client: string, now: number): void {
    const bucket = this.#buckets.get(client) ?? { tokens: this.#perMinute, at: now }
    const tokens = Math.min(this.#perMinute, bucket.tokens + ((now - bucket.at) / 60_000) * this.#perMinute)
    if (tokens < 1) {
      const afterMs = Math.ceil(((1 - tokens) / this.#perMinute) * 60_000)
      throw new Retryable('RATE_LIMITED', `more than ${this.#perMinute} requests in a minute`, { afterMs })
    }
    this.#buckets.set(client, { tokens: tokens - 1, at: now })
    if (this.#buckets.size > 10_000) this.#forget(now)
  }

  #forget(now: number): void {
    for (const [client, { at }] of this.#buckets) if (now - at > 60_000) this.#buckets.delete(client)
  }
}
