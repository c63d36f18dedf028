import { runAgent } from '@pitcrew/agent'
import { events } from '@pitcrew/contracts'
import { defineService, type ServiceContext } from '@pitcrew/service'
import { caseFiles } from './adapters/case-files.ts'
import { caseLedger } from './adapters/case-ledger.ts'
import { outbox } from './adapters/outbox.ts'
import { analysisSchema } from './adapters/schema.ts'
import { stateStore } from './adapters/state-store.ts'
import { vehicleRegister } from './adapters/vehicle-register.ts'
import { configSchema, type Config } from './config.ts'
import { analysisRpc } from './grpc.ts'
import { analysisCapabilities } from './handlers/capabilities.ts'
import { onCaseChanged } from './handlers/case-changed.ts'
import type { CaseLedger, Outbox, StateStore, VehicleRegister } from './handlers/ports.ts'
import { relayOutbox } from './handlers/relay-outbox.ts'
import { onVehicleRegistered } from './handlers/vehicle-registered.ts'
import { onVisitCompleted } from './handlers/visit-completed.ts'
import { watchTelemetry } from './handlers/watch-telemetry.ts'
import { analysisMetrics } from './metrics.ts'

type Context = ServiceContext<Config>

const now = () => Date.now()

export const dataAnalysisService = defineService({ name: 'data-analysis', config: configSchema, start })

async function start(context: Context): Promise<void> {
  const { config, messaging, telemetry, instance, logger } = context
  const database = await context.database(analysisSchema)
  const files = caseFiles(database, logger)
  const register = vehicleRegister(database)
  await listen(context, register, caseLedger(database))
  await watch(context, stateStore(database, logger), outbox(database))
  const agent = await runAgent({
    messaging,
    telemetry,
    service: 'data-analysis',
    instance,
    version: config.PITCREW_VERSION,
    concurrency: config.DATA_ANALYSIS_CONCURRENCY,
    capabilities: analysisCapabilities(files, register, now),
  })
  context.onStop('agent', () => agent.stop())
  await context.rpc([analysisRpc({ files, register })])
}

async function listen({ messaging, logger, onStop }: Context, register: VehicleRegister, ledger: CaseLedger) {
  const subscriptions = [
    await messaging.consume(events.vehicleRegistered, { durable: 'vehicles' }, onVehicleRegistered(register)),
    await messaging.consume(events.caseChanged, { durable: 'ended-cases' }, onCaseChanged(ledger, logger)),
    await messaging.consume(events.visitCompleted, { durable: 'repairs' }, onVisitCompleted(ledger, logger)),
  ]
  for (const subscription of subscriptions) onStop('consumer', () => subscription.stop())
}

/** Telemetry in, alerts out. The relay outlives the watch, so that its last alerts still leave. */
async function watch(context: Context, store: StateStore, alerts: Outbox): Promise<void> {
  const { config, messaging, telemetry, instance } = context
  let held = (): number[] => []
  const relay = relayOutbox({
    outbox: alerts,
    messaging,
    telemetry,
    partitions: () => held(),
    everyMs: config.DATA_ANALYSIS_OUTBOX_MS,
  })
  context.onStop('outbox relay', relay.stop)
  const watching = await watchTelemetry({
    messaging,
    telemetry,
    instance,
    store,
    metrics: analysisMetrics(telemetry),
    batchFrames: config.DATA_ANALYSIS_BATCH_FRAMES,
    batchWaitMs: config.DATA_ANALYSIS_BATCH_WAIT_MS,
    vehiclesInMemory: config.DATA_ANALYSIS_VEHICLES_IN_MEMORY,
    onAlerts: relay.wake,
    now,
  })
  held = watching.held
  relay.wake()
  context.onStop('telemetry watch', watching.stop)
  context.ready('telemetry', watching.probe)
  telemetry.meter
    .createObservableGauge('pitcrew_analysis_partitions', { description: 'telemetry partitions that are held here' })
    .addCallback((result) => result.observe(watching.held().length))
}
