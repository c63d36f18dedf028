import type { Message } from './domain/message.ts'
import { readLink, signLink, type Link } from './domain/link.ts'
import type { LinkTo } from './domain/text/letter.ts'
import type { Clock } from './ports.ts'

const day = 24 * 60 * 60 * 1000
/** Unsubscribe links must outlive the message (16 CFR 316.5 asks for 30 days). */
const lifetime = { 'opt-out': 90 * day, feedback: 30 * day, answer: 14 * day }

/** Makes and reads the links of messages. An answer is possible until the slot begins. */
export class Links {
  readonly #key: Uint8Array
  readonly #base: string
  readonly #clock: Clock

  constructor(key: Uint8Array, publicUrl: string, clock: Clock) {
    this.#key = key
    this.#base = publicUrl.replace(/\/+$/, '')
    this.#clock = clock
  }

  of(message: Message): LinkTo {
    return (action, slotId = '') => {
      const { messageId } = message
      const expiresAt = this.#expiry(message, action)
      return `${this.#base}/r/${signLink(this.#key, { messageId, action, slotId, expiresAt })}`
    }
  }

  /** Throws Terminal BAD_LINK or GONE. */
  read(token: string): Link {
    return readLink(this.#key, token, this.#clock.now())
  }

  #expiry(message: Message, action: Link['action']): number {
    const now = this.#clock.now()
    if (action === 'opt-out' || action === 'feedback') return now + lifetime[action]
    return message.expiresAt ?? now + lifetime.answer
  }
}
