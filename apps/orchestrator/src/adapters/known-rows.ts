/**
 * What this instance wrote last of the workflows that are open, so that it need not read it back with every transition. It
 * holds only while the revision in the table is the same: another instance may have gone on.
 */
import type { WorkflowRow } from '../domain/workflow-row.ts'

export class KnownRows {
  readonly #most: number
  readonly #rows = new Map<string, WorkflowRow>()

  constructor(most = 20_000) {
    this.#most = most
  }

  at(workflowId: string, revision: number): WorkflowRow | undefined {
    const row = this.#rows.get(workflowId)
    return row?.revision === revision ? row : undefined
  }

  /** The ones that moved longest ago make room. */
  keep(rows: readonly WorkflowRow[]): void {
    for (const row of rows) {
      this.#rows.delete(row.workflowId)
      // Without its start a row may be completed by another instance at the same revision.
      if (row.endedAt === null && row.version !== 0) this.#rows.set(row.workflowId, row)
    }
    for (const id of this.#rows.keys()) {
      if (this.#rows.size <= this.#most) return
      this.#rows.delete(id)
    }
  }
}
