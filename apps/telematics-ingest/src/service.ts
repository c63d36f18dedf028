import { holdPartitions } from '@pitcrew/messaging'
import { relayOutbox } from '@pitcrew/outbox'
import { defineService, startLoop, type ServiceContext } from '@pitcrew/service'
import { feedCursors } from './adapters/feed-cursors.ts'
import { openFeeds, type OpenFeed } from './adapters/feeds/open-feeds.ts'
import { httpDoor } from './adapters/http.ts'
import { ingestSchema } from './adapters/migrations.ts'
import { quarantineStore } from './adapters/quarantine/quarantine-store.ts'
import { quarantineService } from './adapters/quarantine/rpc.ts'
import { vehicleRegistry } from './adapters/vehicle-registry.ts'
import { configSchema, type Config } from './config.ts'
import { openDeviceDoors, openDevices } from './device-door.ts'
import { rateLimits } from './domain/devices/rate-limits.ts'
import { defaultFrameLimits, type FrameLimits } from './domain/frame-limits.ts'
import { telemetryService } from './grpc.ts'
import { createIntake, type Intake } from './handlers/accept-frames.ts'
import { inFlightBound } from './handlers/in-flight.ts'
import { pollFeed } from './handlers/poll-feed.ts'
import type { FeedCursors } from './handlers/ports.ts'
import type { QuarantineEntry, QuarantineStore } from './handlers/quarantine/ports.ts'
import { replayQuarantined } from './handlers/quarantine/replay-quarantined.ts'
import { registerVehicle } from './handlers/register-vehicle.ts'
import { startHistory } from './history.ts'
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
  const limits = limitsOf(config)
  const devices = openDevices(context, database, now)
  const { gate } = devices
  const intake = createIntake({
    messaging,
    quarantine,
    metrics,
    inFlight: inFlightBound(config.MAX_FRAMES_IN_FLIGHT),
    rates: rateLimits(config.DEVICE_FRAMES_PER_SECOND, config.DEVICE_BURST_FRAMES),
    limits,
    durableWithinMs: config.DURABLE_WITHIN_MS,
    now,
  })
  const relay = relayOutbox({ database, schema: 'ingest', messaging, telemetry })
  context.onStop('outbox', relay.stop)
  const register = registerVehicle(registry, relay.wake, now)
  sweepQuarantine(context, quarantine)
  await pollFeeds(context, openFeeds(config, database, now), { intake, cursors: feedCursors(database), metrics })
  const replay = (entries: readonly QuarantineEntry[]) =>
    replayQuarantined({ store: quarantine, messaging, limits, now }, entries)
  await context.rpc([
    telemetryService({ intake, gate, register, registry }),
    devices.service,
    quarantineService({ store: quarantine, replay }),
    await startHistory(context, database),
  ])
  await openDeviceDoors(context, { intake, gate, metrics, now })
  const http = httpDoor({ intake, gate, register, maxBytes: config.MAX_BODY_BYTES, telemetry })
  await http.ready()
  await context.http(http.routing)
}

const limitsOf = (config: Config): FrameLimits => ({
  ...defaultFrameLimits,
  aheadMs: config.MAX_FRAME_AHEAD_MS,
  behindMs: config.MAX_FRAME_AGE_MS,
  lateMs: config.LATE_AFTER_MS,
})

/** Each telematics API is read by one instance at a time; the others take over when it goes away. */
async function pollFeeds(
  { messaging, instance, logger, onStop }: Context,
  feeds: readonly OpenFeed[],
  parts: { intake: Intake; cursors: FeedCursors; metrics: IngestMetrics },
): Promise<void> {
  if (feeds.length === 0) return
  const holding = await holdPartitions({
    messaging,
    instance,
    group: 'telematics-feeds',
    partitions: feeds.length,
    onAcquire: async (partition) => ({ release: pollFeed({ ...feeds[partition]!, ...parts, logger }).stop }),
  })
  onStop('polling of telematics APIs', holding.stop)
}

function sweepQuarantine({ config, logger, onStop }: Context, quarantine: QuarantineStore): void {
  const { stop } = startLoop({
    name: 'dropping old quarantine entries',
    everyMs: 10 * 60_000,
    logger,
    run: () => quarantine.sweep(now() - config.QUARANTINE_RETENTION_MS, config.QUARANTINE_ENTRIES),
  })
  onStop('quarantine sweep', stop)
}
