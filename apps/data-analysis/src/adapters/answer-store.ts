import type { Database } from '@pitcrew/database'
import type { AnswerStore, GivenAnswer } from '../handlers/diagnosis-desk.ts'
import { writeAudit } from './audit.ts'

export function answerStore(database: Database): AnswerStore {
  return {
    async of(alertId) {
      const rows = await database.query<Omit<GivenAnswer, 'atMs'> & { at: string }>(
        'select test, yes, subject, note, at from analysis.test_answer where alert_id = $1 order by at, test',
        [alertId],
      )
      return rows.map(({ at, ...row }) => ({ ...row, atMs: Date.parse(at) }))
    },
    put: (alertId, { test, yes, subject, note, atMs }) =>
      database.transaction(async (tx) => {
        await tx.query(
          `insert into analysis.test_answer (alert_id, test, yes, subject, note, at)
           values ($1, $2, $3, $4, $5, $6::timestamptz)
           on conflict (alert_id, test) do update set yes = excluded.yes, subject = excluded.subject,
             note = excluded.note, at = excluded.at`,
          [alertId, test, yes, subject, note, new Date(atMs).toISOString()],
        )
        const object = `alert ${alertId}`
        await writeAudit(tx, { subject, reason: note, atMs, action: 'alert.answered', object, detail: { test, yes } })
      }),
  }
}
