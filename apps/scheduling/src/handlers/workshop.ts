import type { Organizer } from '../adapters/icalendar.ts'
import type { Clock, Dealer, Diary } from '../domain/ports.ts'

/** What every handler works with. */
export interface Workshop {
  diary: Diary
  dealer: Dealer
  now: Clock
  organizer: Organizer
  /** Minutes of a hold that does not say how long it wants to be. */
  holdMinutes: number
  warn: (message: string, fields: Record<string, unknown>) => void
}
