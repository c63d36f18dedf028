import { toFailure } from '@pitcrew/errors'
import type { Logger } from '@pitcrew/observability'
import type { Delivery } from './delivery.ts'
import type { Clock, Messages } from './ports.ts'

export interface DeferredParts {
  messages: Messages
  delivery: Delivery
  clock: Clock
  logger: Logger
}

const batch = 50

/** Sends the deferred messages whose time has come. What fails stays deferred, with a later time. */
export async function sendDeferred({ messages, delivery, clock, logger }: DeferredParts): Promise<number> {
  const due = await messages.due(clock.now(), batch)
  for (const messageId of due) {
    try {
      await delivery.deliver(messageId)
    } catch (thrown) {
      logger.warn('a deferred message could not be sent yet', { messageId, code: toFailure(thrown).code })
    }
  }
  return due.length
}
