import type { workflow } from '@pitcrew/contracts'
import type { Delivery } from '@pitcrew/messaging'
import { entryOfTransition, type AuditEntry } from '../domain/audit-record.ts'
import type { Books } from './turn.ts'

/** Event orchestration.case.changed: each transition of each case into the audit log, once (M5). */
export function onCaseChanged(books: Books) {
  return async (batch: readonly Pick<Delivery<workflow.CaseChanged>, 'message' | 'time'>[]): Promise<void> => {
    const entries = new Map<string, AuditEntry>()
    for (const { message, time } of batch) {
      const entry = entryOfTransition(message, time)
      if (entry !== undefined && !entries.has(entry.id)) entries.set(entry.id, entry)
    }
    if (entries.size === 0) return
    await books.inTurn(async (turn) => {
      const unseen = await turn.unseen([...entries.keys()])
      await turn.append([...entries.values()].filter(({ id }) => unseen.has(id)))
    })
  }
}
