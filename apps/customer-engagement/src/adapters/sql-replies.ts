/** Answers, once each, with the event that tells of them in the same transaction. */
import { events, type engagement, type scheduling } from '@pitcrew/contracts'
import type { Database, Sql } from '@pitcrew/database'
import { enqueue } from '@pitcrew/outbox'
import { stableId, type Message } from '../domain/message.ts'
import { answerOffer, type Answer, type OfferState, type Outcome } from '../domain/reply.ts'
import type { Feedback, Replies } from '../ports.ts'
import { instant } from './message-row.ts'
import type { PersonKeys } from './person-keys.ts'

export class SqlReplies implements Replies {
  readonly #database: Database
  readonly #keys: PersonKeys
  readonly #committed: () => void

  /** `committed` is called when there may be something in the outbox. */
  constructor(database: Database, keys: PersonKeys, committed: () => void) {
    this.#database = database
    this.#keys = keys
    this.#committed = committed
  }

  async offerState(message: Message): Promise<OfferState> {
    return stateOf(this.#database, message, await newestOffer(this.#database, message.caseId))
  }

  async answer(
    message: Message,
    reply: Answer,
    preference: scheduling.Preference | undefined,
    at: number,
  ): Promise<Outcome> {
    const outcome = await this.#database.transaction(async (tx) => {
      // The lock makes two answers to one case follow each other: the second sees the first.
      const newest = await newestOffer(tx, message.caseId, 'for update')
      const outcome = answerOffer(await stateOf(tx, message, newest), reply)
      if (outcome.kind === 'recorded') await insertReply(tx, message, reply, preference, at)
      return outcome
    })
    this.#committed()
    return outcome
  }

  async optedOut({ customerId }: Message): Promise<boolean> {
    const rows = await this.#database.query('select 1 from engagement.opt_out where customer_id = $1', [customerId])
    return rows.length > 0
  }

  async optOut(message: Message, at: number): Promise<boolean> {
    const first = await this.#database.transaction(async (tx) => {
      const inserted = await tx.query(
        'insert into engagement.opt_out (customer_id, message_id, at) values ($1, $2, $3) on conflict do nothing returning 1',
        [message.customerId, message.messageId, instant(at)],
      )
      const replyId = stableId('reply', message.messageId, 'opt-out')
      if (inserted.length > 0) await tellReply(tx, message, { replyId, kind: 'REPLY_KIND_OPT_OUT', at })
      return inserted.length > 0
    })
    this.#committed()
    return first
  }

  async hasFeedback({ messageId }: Message): Promise<boolean> {
    const rows = await this.#database.query('select 1 from engagement.feedback where message_id = $1', [messageId])
    return rows.length > 0
  }

  async giveFeedback(message: Message, feedback: Feedback & { published: string }, at: number): Promise<boolean> {
    const first = await this.#database.transaction(async (tx) => {
      const feedbackId = stableId('feedback', message.messageId)
      const inserted = await tx.query(
        `insert into engagement.feedback (feedback_id, message_id, rating, problem_solved, comment, at)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning 1`,
        [
          feedbackId,
          message.messageId,
          feedback.rating,
          feedback.problemSolved,
          await this.#seal(tx, message, feedback),
          instant(at),
        ],
      )
      if (inserted.length > 0) await tellFeedback(tx, message, { ...feedback, feedbackId, at })
      return inserted.length > 0
    })
    this.#committed()
    return first
  }

  async #seal(tx: Sql, { customerId, messageId }: Message, { comment }: Feedback): Promise<Uint8Array | null> {
    const sealable = comment !== '' && customerId !== undefined && (await this.#keys.exists(tx, customerId))
    return sealable ? this.#keys.seal(tx, customerId, `comment on ${messageId}`, comment) : null
  }
}

/** The offer of a case that counts: that of its last message which somebody got. */
async function newestOffer(sql: Sql, caseId: string, lock: '' | 'for update' = ''): Promise<string | undefined> {
  const [row] = await sql.query<{ offer_id: string }>(
    `select offer_id from engagement.message
     where case_id = $1 and purpose = 'proposal' and status <> 'suppressed' order by position desc limit 1 ${lock}`,
    [caseId],
  )
  return row?.offer_id
}

async function stateOf(sql: Sql, { offerId }: Message, newest: string | undefined): Promise<OfferState> {
  const [answered] = await sql.query<{ kind: Answer }>('select kind from engagement.reply where offer_id = $1', [
    offerId,
  ])
  if (answered !== undefined) return { kind: 'answered', reply: answered.kind }
  return newest === undefined || newest === offerId ? { kind: 'open' } : { kind: 'superseded' }
}

async function insertReply(
  tx: Sql,
  message: Message,
  kind: Answer,
  preference: scheduling.Preference | undefined,
  at: number,
): Promise<void> {
  const replyId = stableId('reply', message.offerId)
  await tx.query(
    'insert into engagement.reply (reply_id, message_id, offer_id, kind, preference, at) values ($1, $2, $3, $4, $5, $6)',
    [replyId, message.messageId, message.offerId, kind, preference ? JSON.stringify(preference) : null, instant(at)],
  )
  await tellReply(tx, message, { replyId, kind, preference, at })
}

async function tellReply(
  tx: Sql,
  { caseId, vehicleId, messageId }: Message,
  reply: { replyId: string; kind: engagement.ReplyKind; preference?: scheduling.Preference; at: number },
): Promise<void> {
  const message: engagement.ReplyReceived = { ...reply, caseId, vehicleId, messageId, at: instant(reply.at)! }
  await enqueue(tx, 'engagement', { event: events.replyReceived, id: reply.replyId, key: caseId, message })
}

async function tellFeedback(
  tx: Sql,
  { caseId, vehicleId }: Message,
  given: Feedback & { published: string; feedbackId: string; at: number },
): Promise<void> {
  const { feedbackId, rating, problemSolved, published: comment } = given
  const message: engagement.FeedbackReceived = {
    feedbackId,
    caseId,
    vehicleId,
    rating,
    problemSolved,
    comment,
    at: instant(given.at)!,
  }
  await enqueue(tx, 'engagement', { event: events.feedbackReceived, id: feedbackId, key: caseId, message })
}
