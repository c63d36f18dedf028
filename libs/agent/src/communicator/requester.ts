/**
 * Asks, and keeps what was asked and answered for the history.
 * 1. Whoever asked has the answer, or the failure, whether or not it gets into the history.
 */
import { Terminal, toFailure } from '@pitcrew/errors'
import type { Messaging } from '@pitcrew/messaging'
import type { Json } from '../json.ts'
import { parseAddress } from './address.ts'
import type { Message, SaidMessage, SendOptions } from './message.ts'
import type { Outbox } from './outbox.ts'
import { ask, longestTimeoutMs } from './requests.ts'

export class Requester {
  readonly #messaging: Messaging
  readonly #outbox: Outbox
  readonly #recording = new Set<Promise<void>>()

  constructor(messaging: Messaging, outbox: Outbox) {
    this.#messaging = messaging
    this.#outbox = outbox
  }

  async request(
    to: string,
    topic: string,
    body: Json,
    { timeoutMs = 5_000, ...more }: SendOptions & { timeoutMs?: number } = {},
  ): Promise<SaidMessage> {
    parseAddress(to)
    requireTimeout(timeoutMs)
    const request = this.#outbox.compose({ kind: 'request', to, topic, body, expiresInMs: timeoutMs, ...more })
    try {
      const answer = await ask(this.#messaging, request, timeoutMs)
      this.#record(to, [request, answer])
      return answer
    } catch (thrown) {
      const failure = toFailure(thrown)
      const { conversation, priority, id: correlation, from } = request
      const error = this.#outbox.compose({
        kind: 'error',
        failure,
        to: from,
        topic,
        conversation,
        priority,
        correlation,
      })
      this.#record(to, [request, { ...error, from: to }])
      throw failure
    }
  }

  /** Resolves when nothing is on its way to the history any more. */
  async idle(): Promise<void> {
    await Promise.all(this.#recording)
  }

  #record(to: string, messages: Message[]): void {
    const run = this.#outbox
      .record(to, messages)
      .catch((error: unknown) =>
        this.#messaging.telemetry.logger.warn('an exchange is not in the history', { error: toFailure(error) }),
      )
      .finally(() => this.#recording.delete(run))
    this.#recording.add(run)
  }
}

function requireTimeout(timeoutMs: number): void {
  if (timeoutMs > 0 && timeoutMs <= longestTimeoutMs) return
  throw new Terminal('BAD_TIMEOUT', `a request cannot wait ${timeoutMs} ms; expected 1 to ${longestTimeoutMs}`, {
    hint: 'hand over what takes longer',
  })
}
