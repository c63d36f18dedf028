/**
 * How keys become subjects and back, and how consumers are named.
 * 1. Any key round-trips: `keyOf(event, subjectOf(event, key))` is the key's tokens joined by dots.
 * 2. No key can widen a subscription or reach another subject: what NATS gives a meaning is percent-encoded.
 */
import type { EventType } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { AnyEvent } from './messaging.ts'

const unsafe = /[^A-Za-z0-9_-]/gu

export function escapeToken(token: string): string {
  if (token === '') {
    throw new Terminal('BAD_KEY', 'a key token is empty; expected at least one character', {
      hint: 'give each entity an id before publishing about it',
    })
  }
  return token.replace(unsafe, (character) =>
    [...new TextEncoder().encode(character)]
      .map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`)
      .join(''),
  )
}

export const unescapeToken = (token: string): string => decodeURIComponent(token)

export function subjectOf(event: Pick<AnyEvent, 'subject'>, key: string | string[]): string {
  const tokens = typeof key === 'string' ? [key] : key.length === 0 ? [''] : key
  return [event.subject, ...tokens.map(escapeToken)].join('.')
}

export function keyOf(event: Pick<AnyEvent, 'subject'>, subject: string): string {
  return subject
    .slice(event.subject.length + 1)
    .split('.')
    .map(unescapeToken)
    .join('.')
}

/**
 * Subject filter for keys that begin with these tokens. An array holds them as they were published; in a string they are
 * separated by dots, and "*" and ">" keep their meaning.
 */
export function filterOf(event: Pick<AnyEvent, 'subject' | 'key'>, key?: string | string[]): string {
  if (key === undefined) return `${event.subject}.>`
  const wildcard = (token: string) => !Array.isArray(key) && (token === '*' || token === '>')
  const tokens = (Array.isArray(key) ? key : key.split('.')).map((token) =>
    wildcard(token) ? token : escapeToken(token),
  )
  const open = tokens.at(-1) !== '>' && tokens.length < event.key.split('.').length
  return [event.subject, ...tokens, ...(open ? ['>'] : [])].join('.')
}

/** "analysis.alert.raised.v1.{vehicle id}": the subject's name on spans, where ids must not be. */
export function templateOf(event: EventType<unknown> | AnyEvent): string {
  return [event.subject, ...event.key.split('.').map((part) => `{${part}}`)].join('.')
}

/** "alert-raised" of analysis.alert.raised.v1 */
export const eventSlug = (event: Pick<AnyEvent, 'subject'>): string => event.subject.split('.').slice(1, 3).join('-')

export function consumerName(...parts: string[]): string {
  return parts.map((part) => part.replaceAll(/[^A-Za-z0-9-]/g, '-')).join('_')
}
