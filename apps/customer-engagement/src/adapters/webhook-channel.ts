/** SMS, push and voice through whoever offers them: a signed POST of JSON to their endpoint, or to a bridge to it. */
import { Retryable, Terminal } from '@pitcrew/errors'
import type { ReachChannel } from '../domain/customer.ts'
import { renderShort } from '../domain/text/render.ts'
import type { Channel, ChannelDelivery, Clock } from '../ports.ts'
import { signatureHeader, signBody } from './signature.ts'

export interface WebhookOptions {
  channel: ReachChannel
  url: string
  secret: string
  clock: Clock
  /** Default 10 s. */
  timeoutMs?: number
}

export class WebhookChannel implements Channel {
  readonly channel: ReachChannel
  readonly #options: WebhookOptions

  constructor(options: WebhookOptions) {
    this.channel = options.channel
    this.#options = options
  }

  /** `messageId` is the idempotency key, and what a reply has to name. */
  async send({ message, address, letter }: ChannelDelivery): Promise<void> {
    const { url, secret, clock, channel } = this.#options
    const { language, subject } = letter
    const links = letter.buttons.map(({ action, label, url }) => ({ action, label, url }))
    const body = JSON.stringify({
      messageId: message.messageId,
      channel,
      to: address,
      language,
      subject,
      text: renderShort(letter),
      links,
    })
    const status = await this.#post(url, body, signBody(secret, body, clock.now()))
    if (status >= 200 && status < 300) return
    const details = { channel, status }
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
      throw new Terminal('WEBHOOK_REFUSED', `the ${channel} webhook refused the message (${status})`, { details })
    }
    throw unavailable(`the ${channel} webhook answered ${status}`, details)
  }

  async close(): Promise<void> {}

  async #post(url: string, body: string, signature: string): Promise<number> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [signatureHeader]: signature },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(this.#options.timeoutMs ?? 10_000),
      })
      await response.body?.cancel()
      return response.status
    } catch (cause) {
      throw unavailable(`the ${this.channel} webhook could not be reached`, { channel: this.channel }, cause)
    }
  }
}

function unavailable(message: string, details: Record<string, unknown>, cause?: unknown): Retryable {
  return new Retryable('WEBHOOK_UNAVAILABLE', message, { hint: 'check the endpoint of the channel', details, cause })
}
