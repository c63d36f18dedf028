/** What is stored of an event, read back without a consumer that lasts: for people, and for those who come late. */
import type { EventType } from '@pitcrew/contracts'
import { brokerOf } from './connect-messaging.ts'
import { deliveryOf } from './delivery.ts'
import type { Delivery, Messaging } from './messaging.ts'
import { readStored } from './stream-reader.ts'
import { filterOf } from './subjects.ts'

export interface HistoryOptions<T> {
  /** As in ConsumeOptions; default all. */
  key?: string | string[]
  /** Stored at this time or later, ISO 8601. Default: all that the stream keeps, which takes as long as it is long. */
  since?: string
  /** The last so many of those that `matches` lets through; default 100. */
  last?: number
  matches?: (delivery: Delivery<T>) => boolean
}

/** Oldest first. What cannot be decoded is left out and logged. Terminal FORBIDDEN for what this service may not read. */
export async function history<T>(
  messaging: Messaging,
  event: EventType<T>,
  { key, since = 'all', last = 100, matches = () => true }: HistoryOptions<T> = {},
): Promise<Delivery<T>[]> {
  const broker = brokerOf(messaging)
  const found: Delivery<T>[] = []
  await readStored(broker, { stream: event.stream, filter: filterOf(event, key), from: since }, (stored) => {
    let delivery: Delivery<T>
    try {
      delivery = deliveryOf(event, { ...stored, deliveries: 1 }, event.stream)
    } catch (error) {
      const { subject, sequence } = stored
      return broker.telemetry.logger.warn('a stored message cannot be read', { subject, sequence, error })
    }
    if (matches(delivery)) found.push(delivery)
    if (found.length >= 2 * last) found.splice(0, found.length - last)
  })
  return found.slice(-last)
}
