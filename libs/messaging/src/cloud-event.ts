/** CloudEvents 1.0 attributes as NATS headers (binary mode): https://github.com/cloudevents/spec */
import type { MsgHdrs } from '@nats-io/transport-node'
import type { Headers } from './messaging.ts'

export interface EventAttributes {
  id: string
  type: string
  source: string
  time: string
}

const unsafe = /[^\x20-\x7e]/

/** What a header cannot hold is percent-encoded, so that an odd id never breaks a message. */
const inHeader = (value: string): string => (unsafe.test(value) ? encoded(value) : value)

const encoded = (value: string): string =>
  value.replaceAll(/[^\x20-\x7e]/gu, (character) => encodeURIComponent(character.toWellFormed()))

/**
 * The headers of messages that differ in nothing but their id, as they go over the wire (NATS/1.0, as in HTTP): they are encoded
 * once for all. `more`: further ones, such as the trace context.
 */
export function eventHeaders(
  { type, source, time }: Omit<EventAttributes, 'id'>,
  more: Iterable<[string, string]>,
): (id: string) => Uint8Array {
  const line = ([name, value]: [string, string]) => `${name}: ${inHeader(value).trim()}\r\n`
  const before = 'NATS/1.0\r\nce-specversion: 1.0\r\nce-id: '
  const between = `\r\n${line(['ce-type', type])}${line(['ce-source', source])}${line(['ce-time', time])}Nats-Msg-Id: `
  const after = `\r\n${Array.from(more, line).join('')}\r\n`
  return (id) => {
    const safeId = inHeader(id).trim()
    return Buffer.from(before + safeId + between + safeId + after, 'latin1')
  }
}

export function readHeaders(headers: MsgHdrs | undefined): Headers {
  return {
    get: (name) => (headers?.has(name) ? headers.get(name) : undefined),
    keys: () => headers?.keys() ?? [],
  }
}

export function setHeader(headers: MsgHdrs, name: string, value: string): void {
  headers.set(name, inHeader(value))
}
