/**
 * Reads one telematics API for as long as the service runs (L1). Invariants:
 * 1. The cursor moves only after every frame of its step is durable: a stop at any moment reads a page again, never past it.
 * 2. A page that is read again yields the same identities, so its frames are not taken twice.
 * 3. No failure of the API, the broker or the database ends the loop; it waits and goes on from the stored cursor.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { toFailure } from '@pitcrew/errors'
import type { Logger } from '@pitcrew/observability'
import { pollDelayMs, type PollOutcome } from '../domain/poll-schedule.ts'
import type { IngestMetrics } from '../metrics.ts'
import type { Intake } from './accept-frames.ts'
import type { FeedCursors } from './ports.ts'
import type { FeedStep, TelematicsFeed } from './telematics-feed.ts'

export interface PollParts {
  feed: TelematicsFeed
  cursors: FeedCursors
  intake: Pick<Intake, 'acceptWhenRoom'>
  intervalMs: number
  metrics: IngestMetrics
  logger: Logger
}

/** Frames that the broker is given at a time: few enough to be durable within the time that a sender is given. */
const mostAtOnce = 1_000

export function pollFeed({ feed, cursors, intake, intervalMs, metrics, logger }: PollParts): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const { signal } = stopping
  const log = logger.child({ feed: feed.name })

  async function pollOnce(): Promise<PollOutcome> {
    const cursor = await cursors.load(feed.name)
    const step = await feed.next(cursor, signal)
    metrics.polled(feed.name, 'page')
    tellRefused(step)
    for (let from = 0; from < step.frames.length; from += mostAtOnce)
      await intake.acceptWhenRoom('poll', step.frames.slice(from, from + mostAtOnce), signal)
    if (step.cursor !== cursor) await cursors.advance(feed.name, cursor, step.cursor)
    return step.more ? { kind: 'more' } : { kind: 'caught-up', retryAfterMs: step.retryAfterMs }
  }

  function tellRefused({ refused }: FeedStep): void {
    for (const { code, count, first } of refused) {
      metrics.refusedEntries(feed.name, code, count)
      log.warn('the telematics API sent what cannot be read', { code, count, first })
    }
  }

  async function startOver(): Promise<void> {
    log.error('the telematics API no longer knows our cursor: reading again from its oldest frame', {
      code: 'FEED_CURSOR_GONE',
    })
    await cursors.advance(feed.name, await cursors.load(feed.name), '')
  }

  // The next poll meets the same refusal and tries once more.
  const logCursorStuck = (thrown: unknown) =>
    log.warn('the cursor could not be set back', { code: toFailure(thrown).code })

  async function failed(thrown: unknown, failuresInARow: number): Promise<PollOutcome> {
    const failure = toFailure(thrown)
    metrics.polled(feed.name, 'failure')
    log.warn('poll failed', { code: failure.code, reason: failure.message, failuresInARow })
    if (failure.code === 'FEED_CURSOR_GONE') await startOver().catch(logCursorStuck)
    return { kind: 'failed', failuresInARow, retryAfterMs: failure.kind === 'retryable' ? failure.afterMs : undefined }
  }

  async function run(): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      let outcome: PollOutcome
      try {
        outcome = await pollOnce()
        failures = 0
      } catch (thrown) {
        if (signal.aborted) return
        failures += 1
        outcome = await failed(thrown, failures)
      }
      await delay(pollDelayMs(outcome, intervalMs), undefined, { signal }).catch(() => undefined)
    }
  }

  const running = run()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}
