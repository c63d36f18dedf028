import type { engagement, vehicle } from '@pitcrew/contracts'
import type { Sql } from '@pitcrew/database'
import type { Purpose } from '../domain/contact.ts'
import type { Content } from '../domain/content.ts'
import type { Message, Status } from '../domain/message.ts'
import type { PersonKeys } from './person-keys.ts'

export interface MessageRow {
  message_id: string
  case_id: string
  vehicle_id: string
  customer_id: string | null
  purpose: Purpose
  kind: engagement.MessageKind
  urgency: vehicle.Urgency
  channel: engagement.Channel
  status: Status
  reason: string
  at: string
  expires_at: string | null
  offer_id: string
  booking_id: string
  content: Uint8Array | null
  claimed_until: string | null
}

export async function messageOf(row: MessageRow, sql: Sql, keys: PersonKeys): Promise<Message> {
  const readable = row.content !== null && row.customer_id !== null
  return {
    messageId: row.message_id,
    caseId: row.case_id,
    vehicleId: row.vehicle_id,
    customerId: row.customer_id ?? undefined,
    purpose: row.purpose,
    kind: row.kind,
    urgency: row.urgency,
    channel: row.channel,
    status: row.status,
    reason: row.reason,
    at: Date.parse(row.at),
    expiresAt: row.expires_at === null ? undefined : Date.parse(row.expires_at),
    offerId: row.offer_id,
    bookingId: row.booking_id,
    content: readable
      ? await keys.unseal<Content>(sql, row.customer_id!, about(row.message_id), row.content!)
      : undefined,
  }
}

export async function insertMessage(message: Message, sql: Sql, keys: PersonKeys): Promise<boolean> {
  const { customerId, content } = message
  const sealable = customerId !== undefined && content !== undefined && (await keys.exists(sql, customerId))
  const sealed = sealable ? await keys.seal(sql, customerId, about(message.messageId), content) : null
  const inserted = await sql.query(
    `insert into engagement.message (message_id, case_id, vehicle_id, customer_id, purpose, kind, urgency, channel, status,
       reason, at, expires_at, offer_id, booking_id, content)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     on conflict (message_id) do nothing returning 1`,
    [
      ...[message.messageId, message.caseId, message.vehicleId, customerId ?? null, message.purpose, message.kind],
      ...[
        message.urgency,
        message.channel,
        message.status,
        message.reason,
        instant(message.at),
        instant(message.expiresAt),
      ],
      ...[message.offerId, message.bookingId, sealed],
    ],
  )
  return inserted.length > 0
}

export function instant(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}

function about(messageId: string): string {
  return `content of ${messageId}`
}
