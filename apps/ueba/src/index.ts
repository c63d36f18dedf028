import { randomUUID } from 'node:crypto'
import { events } from '@pitcrew/contracts'
import { relayOutbox } from '@pitcrew/outbox'
import { defineService } from '@pitcrew/service'
import { sqlBooks } from './adapters/books.ts'
import { uebaSchema } from './adapters/schema.ts'
import { config } from './config.ts'
import { platformManifest } from './contracts.ts'
import { uebaRpc } from './grpc.ts'
import { onActivitiesRecorded } from './handlers/activities-recorded.ts'
import { onCaseChanged } from './handlers/case-changed.ts'

export const uebaService = defineService({
  name: 'ueba',
  config,
  async start(context) {
    const { messaging, telemetry, config: settings } = context
    const database = await context.database(uebaSchema)
    const relay = relayOutbox({ database, schema: 'ueba', messaging, telemetry })
    context.onStop('outbox', () => relay.stop())
    const books = sqlBooks(database, relay.wake)

    const halfLifeMs = settings.UEBA_HALF_LIFE_HOURS * 3_600_000
    await context.rpc([uebaRpc(database, books, halfLifeMs, { now: Date.now, newId: randomUUID })])

    const watch = {
      manifest: platformManifest(),
      now: Date.now,
      settings: {
        blockAt: settings.UEBA_BLOCK_AT,
        greatestBlockedShare: settings.UEBA_GREATEST_BLOCKED_SHARE,
        halfLifeMs,
        liveMs: settings.UEBA_LIVE_MINUTES * 60_000,
      },
    }
    const batches = { maxMessages: settings.UEBA_BATCH, maxWaitMs: settings.UEBA_BATCH_WAIT_MS }
    const activities = await messaging.consumeBatches(
      events.activitiesRecorded,
      { durable: 'watch', ...batches },
      onActivitiesRecorded(books, watch),
    )
    context.onStop('activities', () => activities.stop())
    const transitions = await messaging.consumeBatches(
      events.caseChanged,
      { durable: 'audit', ...batches },
      onCaseChanged(books),
    )
    context.onStop('transitions', () => transitions.stop())
  },
})
