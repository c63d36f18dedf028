/**
 * What becomes of a message that has come through the inbox.
 * 1. What a receiver answers to a handoff is stored before the handoff is settled, under the same id however often it comes.
 */
import { Terminal, toFailure } from '@pitcrew/errors'
import type { Messaging } from '@pitcrew/messaging'
import type { Json } from '../json.ts'
import { logExpired } from './broadcasts.ts'
import type { CommunicatorOptions } from './communicator.ts'
import type { HandoffMessage, Message } from './message.ts'
import { Once } from './once.ts'
import { answerExpiryMs, type Outbox } from './outbox.ts'
import type { Receipts } from './receipts.ts'
import { expired } from './requests.ts'

export function receiver({ messaging, onMessage, onHandoff }: CommunicatorOptions, outbox: Outbox, receipts: Receipts) {
  const { logger } = messaging.telemetry
  const taken = new Once<Json | void>()

  const takeOver = async (message: HandoffMessage): Promise<void> => {
    try {
      if (onHandoff === undefined) throw noHandler(message)
      const body = (await taken.run(message.id, () => onHandoff(message))) ?? null
      await outbox.send({ kind: 'response', body, ...answering(message) })
    } catch (thrown) {
      const failure = toFailure(thrown)
      if (failure.kind === 'terminal') await outbox.send({ kind: 'error', failure, ...answering(message) })
      throw failure
    }
  }

  return async (message: Message): Promise<void> => {
    switch (message.kind) {
      case 'handoff':
        return takeOver(message)
      case 'response':
      case 'error':
        if (receipts.settle(message)) return
        if (onMessage !== undefined) return onMessage(message)
        return logger.debug('an answer that nobody waits for any more', { id: message.id, kind: message.kind })
      case 'notification':
      case 'status':
        if (onMessage === undefined) throw noHandler(message)
        return onMessage(message)
      case 'request':
      case 'broadcast':
        throw new Terminal('BAD_MESSAGE', `a ${message.kind} does not come through an inbox`)
    }
  }
}

export async function tellExpired(messaging: Messaging, outbox: Outbox, message: Message): Promise<void> {
  logExpired(messaging, message)
  if (message.kind === 'handoff') await outbox.send({ kind: 'error', failure: expired(message), ...answering(message) })
}

/** The same id for every delivery of the same message: the stream drops the second. */
const answering = ({ id, from, topic, conversation, priority }: Message) => ({
  id: `${id}:answer`,
  to: from,
  topic,
  conversation,
  correlation: id,
  priority,
  expiresInMs: answerExpiryMs,
})

const noHandler = ({ kind, to }: Message) =>
  new Terminal('NO_HANDLER', `${to} takes no ${kind}`, { hint: 'give its communicator a handler for it' })
