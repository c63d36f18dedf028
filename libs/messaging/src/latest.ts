import type { EventType } from '@pitcrew/contracts'
import type { Broker } from './broker.ts'
import { deliveryOf } from './delivery.ts'
import type { Delivery } from './messaging.ts'
import { directGetLast } from './stored-messages.ts'
import { subjectOf } from './subjects.ts'

export async function latest<T>(
  { connection }: Broker,
  event: EventType<T>,
  key: string | string[],
): Promise<Delivery<T> | undefined> {
  const stored = await directGetLast(connection, event.stream, subjectOf(event, key))
  return stored && deliveryOf(event, { ...stored, deliveries: 1, storedAt: stored.time }, event.stream)
}
