/**
 * Brings a message to the customer, along the channels that are left, and to a person when none is.
 * 1. Consent, addresses and quiet hours are looked at again at the moment of sending, not when the message was asked for.
 * 2. A channel that refuses for good, or fails three times, is left for the next one; the last one is a person.
 * 3. Only the holder of the claim sends (see the messages port), so a task delivered twice sends once.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { Retryable, toFailure } from '@pitcrew/errors'
import { attributes, inSpan, SpanKind, type Telemetry } from '@pitcrew/observability'
import { channelAfter, ladderOf } from './domain/channel.ts'
import { quietHoursOf } from './domain/contact.ts'
import { addressOf, type Customer, type ReachChannel } from './domain/customer.ts'
import { failedChannels, type FailedAttempt, type Message } from './domain/message.ts'
import { writeLetter } from './domain/text/letter.ts'
import type { Links } from './links.ts'
import type { Channel, Clock, Customers, Messages } from './ports.ts'

export interface DeliveryParts {
  customers: Customers
  messages: Messages
  channels: ReadonlyMap<ReachChannel, Channel>
  links: Links
  clock: Clock
  telemetry: Telemetry
}

/** Longer than any channel takes to send or fail. */
const claimMs = 20_000
const deferredRetryMs = 60_000

export class Delivery {
  readonly #parts: DeliveryParts

  constructor(parts: DeliveryParts) {
    this.#parts = parts
  }

  get available(): ReadonlySet<ReachChannel> {
    return new Set(this.#parts.channels.keys())
  }

  /** The message as it ended: sent, suppressed or deferred. Throws Retryable when the same channel is worth another try. */
  async deliver(messageId: string, signal?: AbortSignal): Promise<Message> {
    const { messages, clock } = this.#parts
    for (;;) {
      const now = clock.now()
      const claim = await messages.claim(messageId, now, now + claimMs)
      switch (claim.kind) {
        case 'settled':
          return claim.message
        case 'claimed':
          return this.#send(claim.message, claim.failures)
        case 'busy':
          await delay(Math.min(Math.max(claim.until - now, 10), 100), undefined, { signal })
      }
    }
  }

  async #send(message: Message, failures: FailedAttempt[]): Promise<Message> {
    const { customers, messages, clock } = this.#parts
    const now = clock.now()
    if (message.expiresAt !== undefined && message.expiresAt <= now) return this.#suppress(message, 'EXPIRED')
    const customer = message.customerId === undefined ? undefined : await customers.find(message.customerId)
    const ladder = ladderOf(customer, this.available)
    if (ladder.kind === 'unreachable' || customer?.profile === undefined || message.content === undefined) {
      return this.#suppress(message, ladder.kind === 'unreachable' ? ladder.reason : 'ERASED')
    }
    const quiet = quietHoursOf(customer, message.purpose, message.urgency, now)
    if (quiet !== undefined) {
      const deferred: Message = { ...message, status: 'deferred', reason: 'QUIET_HOURS', at: quiet }
      await messages.release(deferred, quiet)
      return deferred
    }
    return this.#tryChannels(message, customer, ladder.channels, failures)
  }

  async #tryChannels(
    message: Message,
    customer: Customer,
    channels: ReachChannel[],
    failures: FailedAttempt[],
  ): Promise<Message> {
    const { messages, clock } = this.#parts
    const next = nextChannel(message, channels, failures)
    if (next === 'CHANNEL_OPERATOR') return this.#suppress(message, 'UNDELIVERABLE')
    try {
      await this.#hand({ ...message, channel: next }, customer, next)
    } catch (thrown) {
      const failure = toFailure(thrown)
      const attempt = { channel: next, final: failure.kind === 'terminal' }
      await messages.failed(message.messageId, { ...attempt, code: failure.code, at: clock.now() })
      const left = [...failures, attempt]
      if (failedChannels(left).has(next)) return this.#tryChannels(message, customer, channels, left)
      const retryAt = message.status === 'deferred' ? clock.now() + deferredRetryMs : clock.now()
      await messages.release({ ...message, channel: next }, retryAt)
      throw failure
    }
    return messages.settle({ ...message, channel: next, status: 'sent', at: clock.now(), reason: '' })
  }

  async #hand(message: Message, customer: Customer, via: ReachChannel): Promise<void> {
    const { channels, links, telemetry } = this.#parts
    const channel = channels.get(via)
    const address = addressOf(customer, via)
    if (
      channel === undefined ||
      address === undefined ||
      customer.profile === undefined ||
      message.content === undefined
    ) {
      throw new Retryable(
        'CHANNEL_CHANGED',
        'the customer or the channels changed while sending, expected them as just read',
      )
    }
    const { name } = customer.profile
    const letter = writeLetter(message.content, message.vehicleId, { ...customer, name }, links.of(message))
    const span = {
      kind: SpanKind.CLIENT,
      attributes: { [attributes.caseId]: message.caseId, [attributes.messagingMessageId]: message.messageId },
    }
    await inSpan(telemetry, `send ${via}`, span, () =>
      channel.send({ message, kind: message.kind, address, name, letter }),
    )
  }

  /** A proposal or a confirmation that cannot be delivered is a person's to bring; feedback is not worth a call. */
  async #suppress(message: Message, reason: string): Promise<Message> {
    const channel = message.purpose === 'feedback' ? 'CHANNEL_UNSPECIFIED' : 'CHANNEL_OPERATOR'
    return this.#parts.messages.settle({
      ...message,
      channel,
      status: 'suppressed',
      reason,
      at: this.#parts.clock.now(),
    })
  }
}

/** The channel that was chosen for the message while it may still be used, else the best that is left. */
function nextChannel(
  message: Message,
  channels: ReachChannel[],
  failures: FailedAttempt[],
): ReachChannel | 'CHANNEL_OPERATOR' {
  const failed = failedChannels(failures)
  const chosen = channels.find((channel) => channel === message.channel)
  return chosen !== undefined && !failed.has(chosen) ? chosen : channelAfter(channels, failed)
}
