/**
 * The token of a link in a message: what it does, signed, so that nobody can make or change one.
 *
 *   base64url(JSON [version, message id, action, slot id, expiry in seconds]) "." base64url(HMAC-SHA256)
 *
 * It names no person. Whether it was already used is the database's to say; the token only says what it is good for.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { Terminal } from '@pitcrew/errors'

export type LinkAction = 'accept' | 'other-time' | 'decline' | 'opt-out' | 'feedback'

export interface Link {
  messageId: string
  action: LinkAction
  /** With other-time: the alternative slot that it asks for; empty for "none of these". */
  slotId: string
  /** Milliseconds since the epoch, to the second. */
  expiresAt: number
}

const version = 1
const actions: readonly string[] = ['accept', 'other-time', 'decline', 'opt-out', 'feedback'] satisfies LinkAction[]
/** Longer than any token we sign. */
const maxLength = 1024

export function signLink(key: Uint8Array, link: Link): string {
  const body = [version, link.messageId, link.action, link.slotId, Math.floor(link.expiresAt / 1000)]
  const payload = Buffer.from(JSON.stringify(body)).toString('base64url')
  return `${payload}.${signature(key, payload).toString('base64url')}`
}

/** Throws Terminal BAD_LINK when it is not one of ours as we signed it, and Terminal GONE when its time is over. */
export function readLink(key: Uint8Array, token: string, now: number): Link {
  const [payload = '', mac = '', ...rest] = token.length > maxLength ? [] : token.split('.')
  const expected = signature(key, payload)
  const given = Buffer.from(mac, 'base64url')
  // The text is compared too: base64url decoding would let through variants of one signature.
  const genuine = given.length === expected.length && timingSafeEqual(given, expected)
  if (!genuine || rest.length > 0 || expected.toString('base64url') !== mac) throw badLink()
  const link = parse(payload)
  if (link.expiresAt <= now) {
    throw new Terminal('GONE', 'the time for this link is over', {
      hint: 'use the newest message, or call the workshop',
    })
  }
  return link
}

function signature(key: Uint8Array, payload: string): Buffer {
  return createHmac('sha256', key).update('pitcrew link\n').update(payload).digest()
}

function parse(payload: string): Link {
  const body: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
  if (!Array.isArray(body) || body[0] !== version || !actions.includes(String(body[2]))) throw badLink()
  return {
    messageId: String(body[1]),
    action: body[2] as LinkAction,
    slotId: String(body[3]),
    expiresAt: Number(body[4]) * 1000,
  }
}

function badLink(): Terminal {
  return new Terminal('BAD_LINK', 'this link is not one that we sent, or was cut short on its way', {
    hint: 'open it from the message again, whole',
  })
}
