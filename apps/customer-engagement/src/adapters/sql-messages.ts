/**
 * Messages and who is sending them.
 * 1. A message is sent by the one whose claim holds; a claim lapses, so that a crash while sending is followed by another try.
 * 2. Between the channel taking a message over and `settle` committing, a crash makes the next claimant send again: delivery
 *    is at least once, with the same Message-ID. That window is one statement wide.
 * 3. Every settled or deferred message is told to the world by the transaction that settles it.
 */
import { events, type engagement, type vehicle } from '@pitcrew/contracts'
import type { Database, Sql } from '@pitcrew/database'
import { Terminal } from '@pitcrew/errors'
import { enqueue } from '@pitcrew/outbox'
import type { Round } from '../domain/conversation.ts'
import { recordOf, type FailedAttempt, type Message } from '../domain/message.ts'
import type { Claim, Messages } from '../ports.ts'
import { insertMessage, instant, messageOf, type MessageRow } from './message-row.ts'
import type { PersonKeys } from './person-keys.ts'

export class SqlMessages implements Messages {
  readonly #database: Database
  readonly #keys: PersonKeys
  readonly #committed: () => void

  /** `committed` is called when there may be something in the outbox. */
  constructor(database: Database, keys: PersonKeys, committed: () => void) {
    this.#database = database
    this.#keys = keys
    this.#committed = committed
  }

  async open(message: Message, now: number): Promise<Message> {
    const opened = await this.#database.transaction(async (tx) => {
      const isNew = await insertMessage(message, tx, this.#keys)
      if (!isNew) return this.#read(tx, message.messageId)
      if (message.purpose === 'proposal') await withdrawDeferred(tx, this.#keys, message, now)
      if (message.status !== 'due') await tell(tx, message)
      return message
    })
    this.#committed()
    return opened ?? message
  }

  async find(messageId: string): Promise<Message | undefined> {
    return this.#read(this.#database, messageId)
  }

  async list(caseId: string): Promise<Message[]> {
    const statement = 'select * from engagement.message where case_id = $1 order by position'
    const rows = await this.#database.query<MessageRow>(statement, [caseId])
    return Promise.all(rows.map((row) => messageOf({ ...row, content: null }, this.#database, this.#keys)))
  }

  async rounds(caseId: string): Promise<Round[]> {
    const rows = await this.#database.query<RoundRow>(
      `select m.message_id, m.offer_id, m.booking_id, m.urgency, r.kind as reply
       from engagement.message m left join engagement.reply r using (offer_id)
       where m.case_id = $1 and m.purpose = 'proposal' and m.status = 'sent' order by m.position`,
      [caseId],
    )
    return rows.map((row) => ({
      messageId: row.message_id,
      offerId: row.offer_id,
      bookingId: row.booking_id,
      urgency: row.urgency,
      reply: row.reply ?? undefined,
    }))
  }

  async claim(messageId: string, now: number, lapsesAt: number): Promise<Claim> {
    const [claimed] = await this.#database.query<MessageRow>(
      `update engagement.message set claimed_until = $3
       where message_id = $1 and (status = 'due' or (status = 'deferred' and at <= $2))
         and (claimed_until is null or claimed_until <= $2)
       returning *`,
      [messageId, instant(now), instant(lapsesAt)],
    )
    if (claimed !== undefined) {
      const message = await messageOf(claimed, this.#database, this.#keys)
      return { kind: 'claimed', message, failures: await this.#failures(messageId) }
    }
    const statement = 'select * from engagement.message where message_id = $1'
    const [row] = await this.#database.query<MessageRow>(statement, [messageId])
    if (row === undefined) throw new Terminal('NOT_FOUND', `there is no message ${messageId}`)
    // A claim may have ended between the two statements: then it is to be had at once.
    if (row.status === 'due')
      return { kind: 'busy', until: row.claimed_until === null ? now : Date.parse(row.claimed_until) }
    return { kind: 'settled', message: await messageOf(row, this.#database, this.#keys) }
  }

  async failed(messageId: string, attempt: FailedAttempt & { code: string; at: number }): Promise<void> {
    await recordAttempt(this.#database, messageId, attempt.final ? 'refused' : 'failed', attempt)
  }

  async release(message: Message, dueAt: number): Promise<void> {
    await this.#database.query(
      `update engagement.message set claimed_until = null, at = $2, status = $3, reason = $4, channel = $5
       where message_id = $1 and status in ('due', 'deferred')`,
      [message.messageId, instant(dueAt), message.status, message.reason, message.channel],
    )
  }

  async settle(message: Message): Promise<Message> {
    await this.#database.transaction(async (tx) => {
      const changed = await tx.query(
        `update engagement.message set status = $2, reason = $3, channel = $4, at = $5, claimed_until = null
         where message_id = $1 and status in ('due', 'deferred') returning 1`,
        [message.messageId, message.status, message.reason, message.channel, instant(message.at)],
      )
      if (changed.length === 0) return
      if (message.status === 'sent') await recordAttempt(tx, message.messageId, 'sent', { ...message, code: '' })
      await tell(tx, message)
    })
    this.#committed()
    return (await this.find(message.messageId)) ?? message
  }

  async due(now: number, limit: number): Promise<string[]> {
    const rows = await this.#database.query<{ message_id: string }>(
      `select message_id from engagement.message
       where status = 'deferred' and at <= $1 and (claimed_until is null or claimed_until <= $1) order by at limit $2`,
      [instant(now), limit],
    )
    return rows.map((row) => row.message_id)
  }

  async #read(sql: Sql, messageId: string): Promise<Message | undefined> {
    const [row] = await sql.query<MessageRow>('select * from engagement.message where message_id = $1', [messageId])
    return row && messageOf(row, sql, this.#keys)
  }

  async #failures(messageId: string): Promise<FailedAttempt[]> {
    return this.#database.query<FailedAttempt>(
      `select channel, outcome = 'refused' as final from engagement.attempt
       where message_id = $1 and outcome <> 'sent' order by number`,
      [messageId],
    )
  }
}

interface RoundRow {
  message_id: string
  offer_id: string
  booking_id: string
  urgency: vehicle.Urgency
  reply: engagement.ReplyKind | null
}

async function withdrawDeferred(tx: Sql, keys: PersonKeys, next: Message, now: number): Promise<void> {
  const withdrawn = await tx.query<MessageRow>(
    `update engagement.message set status = 'suppressed', reason = 'SUPERSEDED', at = $3
     where case_id = $1 and purpose = 'proposal' and status = 'deferred' and message_id <> $2
       and (claimed_until is null or claimed_until <= $3)
     returning *`,
    [next.caseId, next.messageId, instant(now)],
  )
  for (const row of withdrawn) await tell(tx, await messageOf({ ...row, content: null }, tx, keys))
}

async function recordAttempt(
  sql: Sql,
  messageId: string,
  outcome: 'sent' | 'failed' | 'refused',
  attempt: { channel: string; code: string; at: number },
): Promise<void> {
  await sql.query(
    `insert into engagement.attempt (message_id, number, channel, outcome, code, at)
     select $1, count(*) + 1, $2, $3, $4, $5 from engagement.attempt where message_id = $1`,
    [messageId, attempt.channel, outcome, attempt.code, instant(attempt.at)],
  )
}

async function tell(tx: Sql, message: Message): Promise<void> {
  const id = `${message.messageId}:${message.status}`
  const told = { message: recordOf(message) }
  await enqueue(tx, 'engagement', { event: events.messageSent, id, key: message.caseId, message: told })
}
