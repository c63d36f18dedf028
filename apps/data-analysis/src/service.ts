import { runAgent } from '@pitcrew/agent'
import { events } from '@pitcrew/contracts'
import { defineService, startLoop, type ServiceContext } from '@pitcrew/service'
import { alertDesk } from './adapters/alert-desk.ts'
import { answerStore } from './adapters/answer-store.ts'
import { readAudit } from './adapters/audit.ts'
import { caseFiles } from './adapters/case-files.ts'
import { caseLedger } from './adapters/case-ledger.ts'
import { modelStore } from './adapters/model-store.ts'
import { outbox } from './adapters/outbox.ts'
import { peerStates } from './adapters/peer-states.ts'
import { planStore } from './adapters/plan-store.ts'
import { analysisSchema } from './adapters/schema.ts'
import { ruleStore } from './adapters/rule-store.ts'
import { stateStore } from './adapters/state-store.ts'
import { usageStore } from './adapters/usage-store.ts'
import { vehicleRegister } from './adapters/vehicle-register.ts'
import { configSchema, type Config } from './config.ts'
import { alertingService } from './grpc/alerting-service.ts'
import { diagnosisService } from './grpc/diagnosis-service.ts'
import { analysisService } from './grpc/analysis-service.ts'
import { maintenanceService } from './grpc/maintenance-service.ts'
import { modelService } from './grpc/model-service.ts'
import { analysisCapabilities } from './handlers/capabilities.ts'
import { diagnosisDesk } from './handlers/diagnosis-desk.ts'
import { onCaseChanged } from './handlers/case-changed.ts'
import type { CaseLedger, Outbox, StateStore, VehicleRegister } from './handlers/ports.ts'
import { modelDesk } from './handlers/models/model-desk.ts'
import { servedModels } from './handlers/models/served-models.ts'
import { duePlans } from './handlers/planned-maintenance/due-plans.ts'
import { followUsage } from './handlers/planned-maintenance/follow-usage.ts'
import { maintenanceDesk } from './handlers/planned-maintenance/maintenance-desk.ts'
import type { UsageStore } from './handlers/planned-maintenance/ports.ts'
import { peerTable, type PeerTable } from './handlers/peer-table.ts'
import { relayOutbox } from './handlers/relay-outbox.ts'
import { surroundingsOf, type SurroundingsParts, type SurroundingsSource } from './handlers/surroundings.ts'
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
  const models = modelStore(database)
  const rules = ruleStore(database)
  const plans = planStore(database)
  const peers = peerTable(peerStates(database), now)
  readPeers(context, peers)
  const surroundings = await followSurroundings(context, {
    models: servedModels(models, logger),
    rules,
    register,
    peers,
    duePlans: duePlans(plans, now),
    now,
  })
  const held = await watch(context, { store: stateStore(database, logger), alerts: outbox(database), surroundings })
  readUsage(context, usageStore(database), held)
  const agent = await runAgent({
    messaging,
    telemetry,
    service: 'data-analysis',
    instance,
    version: config.PITCREW_VERSION,
    concurrency: config.DATA_ANALYSIS_CONCURRENCY,
    capabilities: analysisCapabilities(files, register, plans, now),
  })
  context.onStop('agent', () => agent.stop())
  await context.rpc([
    analysisService({ files, register }),
    alertingService({ desk: alertDesk(database), rules, now }),
    diagnosisService({ desk: diagnosisDesk({ files, plans, answers: answerStore(database), now }) }),
    maintenanceService({ desk: maintenanceDesk(plans, now), now }),
    modelService({ desk: modelDesk(models, now), audit: (object, limit) => readAudit(database, object, limit) }),
  ])
}

async function listen({ messaging, logger, onStop }: Context, register: VehicleRegister, ledger: CaseLedger) {
  const subscriptions = [
    await messaging.consume(events.vehicleRegistered, { durable: 'vehicles' }, onVehicleRegistered(register)),
    await messaging.consume(events.caseChanged, { durable: 'ended-cases' }, onCaseChanged(ledger, logger)),
    await messaging.consume(events.visitCompleted, { durable: 'repairs' }, onVisitCompleted(ledger, logger)),
  ]
  for (const subscription of subscriptions) onStop('consumer', () => subscription.stop())
}

async function followSurroundings(
  { config, logger, onStop }: Context,
  parts: SurroundingsParts,
): Promise<SurroundingsSource> {
  const surroundings = surroundingsOf(parts)
  await surroundings.refresh()
  const loop = startLoop({
    name: 'reading models and rules',
    everyMs: config.DATA_ANALYSIS_SURROUNDINGS_MS,
    logger,
    run: () => surroundings.refresh(),
  })
  onStop('surroundings', loop.stop)
  return surroundings
}

/** Beside the watch, like usage: what peers are like changes over days. */
function readPeers({ config, logger, onStop }: Context, peers: PeerTable): void {
  const loop = startLoop({
    name: 'reading what vehicles of one model are like',
    everyMs: config.DATA_ANALYSIS_PEERS_MS,
    logger,
    run: () => peers.refresh(),
  })
  onStop('peers', loop.stop)
}

interface Watching {
  store: StateStore
  alerts: Outbox
  surroundings: SurroundingsSource
}

/** Beside the watch: no frame waits for it. */
function readUsage({ config, logger, onStop }: Context, store: UsageStore, held: () => number[]): void {
  const loop = startLoop({
    name: 'reading how vehicles are used',
    everyMs: config.DATA_ANALYSIS_USAGE_MS,
    logger,
    run: () => followUsage(store, held(), now()),
  })
  onStop('usage', loop.stop)
}

/**
 * Telemetry in, alerts out. The relay outlives the watch, so that its last alerts still leave. Gives the partitions held.
 */
async function watch(context: Context, { store, alerts, surroundings }: Watching): Promise<() => number[]> {
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
    surroundings,
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
  return watching.held
}
