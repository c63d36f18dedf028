/** CloudEvents 1.0 attributes as NATS headers (binary mode): https://github.com/cloudevents/spec */
import { headers as newHeaders, type MsgHdrs } from '@nats-io/transport-node'
import type { Headers } from './messaging.ts'

export interface EventAttributes {
  id: string
  type: string
  source: string
  time: string
}

/** What a header cannot hold is percent-encoded, so that an odd id never breaks a message. */
const inHeader = (value: string): string =>
  value.replaceAll(/[^\x20-\x7e]/g, (character) => encodeURIComponent(character))

export function eventHeaders({ id, type, source, time }: EventAttributes): MsgHdrs {
  const headers = newHeaders()
  const safeId = inHeader(id)
  headers.set('ce-specversion', '1.0')
  headers.set('ce-id', safeId)
  headers.set('ce-type', type)
  headers.set('ce-source', source)
  headers.set('ce-time', time)
  headers.set('Nats-Msg-Id', safeId)
  return headers
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
