/** The history of signals: written from the stream that ingest itself fills, kept in three levels, asked for by charts. */
import { streams } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import { Terminal } from '@pitcrew/errors'
import type { RpcService } from '@pitcrew/rpc'
import { startLoop, type ServiceContext } from '@pitcrew/service'
import { z } from 'zod'
import { historyStore } from './adapters/history/history-store.ts'
import { historyService } from './adapters/history/rpc.ts'
import { dayMs, hourMs, type Retention } from './domain/history/level.ts'
import { keepHistory } from './handlers/history/keep-history.ts'
import { historyMetrics } from './handlers/history/metrics.ts'
import { signalHistory } from './handlers/history/signal-history.ts'

const days = (fallback: number) => z.coerce.number().min(1).default(fallback)

export const historySettings = {
  HISTORY: z
    .enum(['on', 'off'])
    .default('on')
    .describe('whether this instance writes history; questions are answered either way'),
  HISTORY_BATCH_FRAMES: z.coerce
    .number()
    .int()
    .min(1)
    .max(5_000)
    .default(4_000)
    .describe('frames of one of the 16 partitions that are written at once; twice as many may be in memory'),
  HISTORY_BATCH_WAIT_MS: z.coerce.number().int().min(1).default(10_000).describe('how long such a batch may gather'),
  HISTORY_READINGS_DAYS: days(30).describe('how long every reading is kept'),
  HISTORY_MINUTES_DAYS: days(365).describe('how long minutes are kept: count, min, max, mean and last'),
  HISTORY_HOURS_DAYS: days(3_650).describe('how long hours are kept'),
}

interface Settings extends z.infer<z.ZodObject<typeof historySettings>> {
  MAX_FRAME_AGE_MS: number
  QUARANTINE_RETENTION_MS: number
}

const now = () => Date.now()

/** An hour is merged when frames of it, held up a little on their way, have come. Later ones have it merged again. */
const mergeAfterMs = 5 * 60_000
const mergeEveryMs = 60_000
const sweepEveryMs = 10 * 60_000

/** Terminal BAD_CONFIG when readings would be dropped while frames of their hour may still come. */
export async function startHistory(context: ServiceContext<Settings>, database: Database): Promise<RpcService> {
  const { config, messaging, instance, telemetry, logger, onStop } = context
  const retention = retentionOf(config)
  const store = historyStore(database)
  if (config.HISTORY === 'on') {
    const keeping = await keepHistory({
      messaging,
      instance,
      store,
      metrics: historyMetrics(telemetry),
      batchFrames: config.HISTORY_BATCH_FRAMES,
      batchWaitMs: config.HISTORY_BATCH_WAIT_MS,
      now,
    })
    onStop('history', keeping.stop)
    const merging = startLoop({
      name: 'merging hours of history',
      everyMs: mergeEveryMs,
      logger,
      run: (stopping) => keeping.mergeEnded(mergeAfterMs, stopping),
    })
    onStop('merging of history', merging.stop)
  }
  const sweeping = startLoop({
    name: 'dropping old history',
    everyMs: sweepEveryMs,
    logger,
    run: () => store.sweep(before(retention, now())),
  })
  onStop('history sweep', sweeping.stop)
  return historyService((question) => signalHistory({ store, retention, now }, question))
}

const before = (retention: Retention, time: number): Retention => ({
  raw: time - retention.raw,
  minute: time - retention.minute,
  hour: time - retention.hour,
})

function retentionOf(config: Settings): Retention {
  const [raw, minute, hour] = [config.HISTORY_READINGS_DAYS, config.HISTORY_MINUTES_DAYS, config.HISTORY_HOURS_DAYS]
  if (raw > minute || minute > hour)
    throw new Terminal(
      'BAD_CONFIG',
      `readings are kept ${raw} days, minutes ${minute}, hours ${hour}: expected no fewer each`,
      {
        hint: 'set HISTORY_READINGS_DAYS, HISTORY_MINUTES_DAYS and HISTORY_HOURS_DAYS so that coarser ones are kept longer',
      },
    )
  // Rollups are made of readings, again for each late one: while one may come, the others of its hour must be there.
  const latest = config.MAX_FRAME_AGE_MS + config.QUARANTINE_RETENTION_MS + streams.TELEMETRY.maxAgeMs + 2 * hourMs
  if (raw * dayMs < latest)
    throw new Terminal(
      'BAD_CONFIG',
      `readings are kept ${raw} days, and frames may come ${Math.ceil(latest / dayMs)} days late`,
      {
        hint: 'raise HISTORY_READINGS_DAYS, or lower MAX_FRAME_AGE_MS or QUARANTINE_RETENTION_MS',
      },
    )
  return { raw: raw * dayMs, minute: minute * dayMs, hour: hour * dayMs }
}
