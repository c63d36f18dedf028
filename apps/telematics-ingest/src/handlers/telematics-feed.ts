import type { telemetry } from '@pitcrew/contracts'
import type { RefusedEntries } from '../domain/entry-refusals.ts'

/** What one look at a telematics API gave. */
export interface FeedStep {
  /** The frames of one vehicle stand in order of time. */
  frames: telemetry.RawFrame[]
  /** Where to go on once the frames are durable: opaque to all but the feed. The same cursor reads the same again. */
  cursor: string
  /** Whether there is more to read now. */
  more: boolean
  /** What could not be read and was left out. */
  refused: RefusedEntries[]
  /** The provider asks not to be asked sooner. */
  retryAfterMs?: number | undefined
}

/** One telematics API. Failures are Retryable, or Terminal FEED_CURSOR_GONE when it no longer knows the cursor. */
export interface TelematicsFeed {
  /** Without credentials; the key of its cursor. */
  name: string
  /** From the very start when the cursor is ''. */
  next(cursor: string, signal: AbortSignal): Promise<FeedStep>
}
