import { ROOT_CONTEXT } from '@opentelemetry/api'
import type { EventType } from '@pitcrew/contracts'
import { extractTrace } from '@pitcrew/observability'
import type { Arrival } from './arrival.ts'
import { readHeaders } from './cloud-event.ts'
import type { Delivery } from './messaging.ts'
import { undecodable } from './outcome.ts'
import { keyOf } from './subjects.ts'

type Stored = Pick<Arrival, 'subject' | 'data' | 'headers' | 'sequence' | 'deliveries' | 'storedAt'>

/** Throws Terminal UNDECODABLE. */
export function deliveryOf<T>(event: EventType<T>, arrival: Stored, stream: string): Delivery<T> {
  const headers = readHeaders(arrival.headers)
  return {
    message: decode(event, arrival),
    type: event,
    key: keyOf(event, arrival.subject),
    id: headers.get('ce-id') ?? `${stream}/${arrival.sequence}`,
    sequence: arrival.sequence,
    deliveries: arrival.deliveries,
    time: headers.get('ce-time') ?? arrival.storedAt,
    headers,
    context: arrival.headers === undefined ? ROOT_CONTEXT : extractTrace(headers),
  }
}

function decode<T>(event: EventType<T>, { data }: Stored): T {
  try {
    return event.codec.decode(data)
  } catch (cause) {
    throw undecodable(event.subject, cause)
  }
}
