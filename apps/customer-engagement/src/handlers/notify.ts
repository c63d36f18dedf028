import type { engagement, vehicle } from '@pitcrew/contracts'
import { decideContact, type Contact, type Purpose } from '../domain/contact.ts'
import type { Content } from '../domain/content.ts'
import { messageIdOf, recordOf, type Message } from '../domain/message.ts'
import type { Delivery } from '../delivery.ts'
import type { Clock, Customers, Messages } from '../ports.ts'

export interface NotifyParts {
  customers: Customers
  messages: Messages
  delivery: Delivery
  clock: Clock
}

/** What a task wants said, once for each occasion of its case. */
export interface Notice {
  caseId: string
  vehicleId: string
  purpose: Purpose
  occasion: string
  kind: engagement.MessageKind
  urgency: vehicle.Urgency
  content: Content
  bookingId: string
  expiresAt: number | undefined
  offerId?: string
  silentRounds?: number
}

/** Decides how to say it, records that, and says it. Asked again for the same occasion, it gives what happened the first time. */
export async function notify(
  parts: NotifyParts,
  notice: Notice,
  signal?: AbortSignal,
): Promise<engagement.MessageRecord> {
  const { customers, messages, delivery, clock } = parts
  const now = clock.now()
  const customer = await customers.ofVehicle(notice.vehicleId)
  const { purpose, urgency, expiresAt, silentRounds = 0 } = notice
  const contact = decideContact(customer, delivery.available, { purpose, urgency, silentRounds, now, expiresAt })
  const message = await messages.open(draft(notice, contact, customer?.customerId, now), now)
  return recordOf(message.status === 'due' ? await delivery.deliver(message.messageId, signal) : message)
}

/** What became of an occasion that was dealt with before; undefined when it is new. */
export async function already(
  { messages, delivery }: NotifyParts,
  messageId: string,
  signal?: AbortSignal,
): Promise<engagement.MessageRecord | undefined> {
  const message = await messages.find(messageId)
  if (message === undefined) return undefined
  return recordOf(message.status === 'due' ? await delivery.deliver(messageId, signal) : message)
}

function draft(notice: Notice, contact: Contact, customerId: string | undefined, now: number): Message {
  const { caseId, vehicleId, purpose, kind, urgency, content, bookingId, expiresAt } = notice
  const messageId = messageIdOf(caseId, purpose, notice.occasion)
  const offerId = notice.offerId ?? messageId
  const base = {
    messageId,
    caseId,
    vehicleId,
    customerId,
    purpose,
    kind,
    urgency,
    content,
    bookingId,
    expiresAt,
    offerId,
  }
  return { ...base, ...asked(contact, purpose, now) }
}

function asked(contact: Contact, purpose: Purpose, now: number): Pick<Message, 'channel' | 'status' | 'reason' | 'at'> {
  switch (contact.kind) {
    case 'write':
      return { channel: contact.channel, status: 'due', reason: '', at: now }
    case 'defer':
      return { channel: contact.channel, status: 'deferred', reason: contact.reason, at: contact.until }
    case 'hand-over':
      return { channel: 'CHANNEL_OPERATOR', status: 'sent', reason: contact.reason, at: now }
    case 'suppress': {
      const channel = purpose === 'feedback' ? 'CHANNEL_UNSPECIFIED' : 'CHANNEL_OPERATOR'
      return { channel, status: 'suppressed', reason: contact.reason, at: now }
    }
  }
}
