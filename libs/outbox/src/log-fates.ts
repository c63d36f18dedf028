import type { Logger } from '@pitcrew/observability'
import type { Settled } from './rows.ts'

/** A line for each event that needs a person, one for all that wait. */
export function logFates(logger: Logger, schema: string, settled: readonly Settled[]): void {
  let waiting = 0
  let first: { code: string; reason: string; afterMs: number } | undefined
  for (const { row, fate } of settled) {
    switch (fate.is) {
      case 'published':
        break
      case 'untried':
        waiting++
        break
      case 'delayed':
        waiting++
        first ??= { code: fate.failure.code, reason: fate.failure.message, afterMs: fate.afterMs }
        break
      case 'parked': {
        const { code, message: reason, hint } = fate.failure
        const again = `update ${schema}.outbox set parked = null where position = ${row.position}`
        logger.error('an event can never be published and was parked', {
          id: row.id,
          event: row.event,
          code,
          reason,
          hint,
          again,
        })
      }
    }
  }
  if (first !== undefined) logger.warn('events wait in the outbox', { schema, waiting, ...first })
}
