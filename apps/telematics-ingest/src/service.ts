import { holdPartitions } from '@pitcrew/messaging'
import { relayOutbox } from '@pitcrew/outbox'
import { defineService, startLoop, type ServiceContext } from '@pitcrew/service'
import { feedCursors } from './adapters/feed-cursors.ts'
import { httpDoor } from './adapters/http.ts'
import { ingestSchema } from './adapters/migrations.ts'
import { quarantineStore } from './adapters/quarantine-store.ts'
import { telematicsApi } from './adapters/telematics-api.ts'
import { vehicleRegistry } from './adapters/vehicle-registry.ts'
import { configSchema, type Config } from './config.ts'
import { defaultFrameLimits } from './domain/frame-limits.ts'
import { telemetryService } from './grpc.ts'
import { createIntake, type Intake } from './handlers/accept-frames.ts'
import { inFlightBound } from './handlers/in-flight.ts'
import { pollFeed } from './handlers/poll-feed.ts'
import type { FeedCursors, QuarantineStore } from './handlers/ports.ts'
import { registerVehicle } from './handlers/register-vehicle.ts'
import { ingestMetrics, type IngestMetrics } from './metrics.ts'

type Context = ServiceContext<Config>

const now = () => Date.now()

export const telematicsIngestService = defineService({ name: 'telematics-ingest', config: configSchema, start })

async function start(context: Context): Promise<void> {
  const { config, messaging, telemetry } = context
  const database = await context.database(ingestSchema)
  const registry = vehicleRegistry(database)
  const quarantine = quarantineStore(database)
  const metrics = ingestMetrics(telemetry)
  const intake = createIntake({
    messaging,
    quarantine,
    metrics,
    inFlight: inFlightBound(config.MAX_FRAMES_IN_FLIGHT),
    limits: { ...defaultFrameLimits, aheadMs: config.MAX_FRAME_AHEAD_MS, behindMs: config.MAX_FRAME_AGE_MS },
    durableWithinMs: config.DURABLE_WITHIN_MS,
    now,
  })
  const relay = relayOutbox({ database, schema: 'ingest', messaging, telemetry })
  context.onStop('outbox', relay.stop)
  const register = registerVehicle(registry, relay.wake, now)
  sweepQuarantine(context, quarantine)
  await pollFeeds(context, intake, feedCursors(database), metrics)
  await context.rpc([telemetryService({ intake, register, registry, quarantine })])
  const http = httpDoor({ intake, register, maxBytes: config.MAX_BODY_BYTES, telemetry })
  await http.ready()
  await context.http(http.routing)
}

/** Each telematics API is read by one instance at a time; the others take over when it goes away. */
async function pollFeeds(
  context: Context,
  intake: Intake,
  cursors: FeedCursors,
  metrics: IngestMetrics,
): Promise<void> {
  const { config, messaging, instance, logger } = context
  const feeds = config.TELEMATICS_APIS.map((baseUrl) =>
    telematicsApi({
      baseUrl,
      pageFrames: config.POLL_PAGE_FRAMES,
      timeoutMs: config.POLL_TIMEOUT_MS,
      maxBytes: config.MAX_BODY_BYTES,
    }),
  )
  if (feeds.length === 0) return
  const holding = await holdPartitions({
    messaging,
    instance,
    group: 'telematics-feeds',
    partitions: feeds.length,
    onAcquire: async (partition) => {
      const parts = { feed: feeds[partition]!, cursors, intake, metrics, logger, intervalMs: config.POLL_INTERVAL_MS }
      return { release: pollFeed(parts).stop }
    },
  })
  context.onStop('polling of telematics APIs', holding.stop)
}

function sweepQuarantine({ config, logger, onStop }: Context, quarantine: QuarantineStore): void {
  const { stop } = startLoop({
    name: 'dropping old quarantine entries',
    everyMs: 10 * 60_000,
    logger,
    run: () => quarantine.dropBefore(now() - config.QUARANTINE_RETENTION_MS),
  })
  onStop('quarantine sweep', stop)
}
