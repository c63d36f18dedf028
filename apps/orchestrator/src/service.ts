import { events } from '@pitcrew/contracts'
import { defineService, type ServiceContext } from '@pitcrew/service'
import { Definitions } from '@pitcrew/workflow'
import {
  hostWorkflows,
  projectLog,
  provisionWorkflowStreams,
  workflowClient,
  type Projection,
  type WorkflowClient,
} from '@pitcrew/workflow-jetstream'
import { AgentRegistry } from './adapters/agent-registry.ts'
import { projectCases } from './adapters/case-projection.ts'
import { CaseStore } from './adapters/case-store.ts'
import { orchestratorSchema } from './adapters/schema.ts'
import { config as schema, type Config } from './config.ts'
import { timing } from './domain/timing.ts'
import { vehicleCase } from './domain/vehicle-case.ts'
import { caseRpc } from './grpc.ts'
import { onAgentBlocked, onAgentReleased } from './handlers/agent-standing.ts'
import { onAlertEscalated, onAlertRaised } from './handlers/alert.ts'
import { onBookingChanged, onFeedback, onReply, onVisitCompleted, onVisitStarted } from './handlers/case-signal.ts'

type Context = ServiceContext<Config>

export const orchestratorService = defineService({ name: 'orchestrator', config: schema, start })

async function start(context: Context): Promise<void> {
  const { config, messaging, logger } = context
  const database = await context.database(orchestratorSchema)
  const store = new CaseStore(database)
  const agents = new AgentRegistry(database)
  const watching = await agents.watch(messaging, logger)
  context.onStop('agent registry', () => watching.stop())

  const definitions = new Definitions([vehicleCase])
  const partitions = config.WORKFLOW_PARTITIONS
  await provisionWorkflowStreams(messaging.connection, { partitions, replicas: config.WORKFLOW_REPLICAS })
  const projections = await project(context, store, definitions)
  const host = await hostWorkflows({
    messaging,
    definitions,
    partitions,
    instance: context.instance,
    snapshotEvery: config.WORKFLOW_SNAPSHOT_EVERY,
    mayReport: (agent) => agents.mayReport(agent),
    projected: (partition) => projections[partition]?.sequence() ?? Promise.resolve(0),
    onTrouble: (partition, failure) =>
      logger.error('a workflow partition is in trouble', { partition, code: failure.code, reason: failure.message }),
  })
  context.onStop('workflow host', () => host.stop())
  measure(context, host)

  const workflows = workflowClient({ messaging, partitions })
  await context.rpc([caseRpc({ store, workflows, agents })])
  await listen(context, workflows, store, agents)
}

/** One projection for each partition's log; instances share the work. */
async function project(
  { messaging, config, logger, onStop }: Context,
  store: CaseStore,
  definitions: Definitions,
): Promise<Projection[]> {
  const handler = projectCases({ store, messaging, definitions })
  const projections: Projection[] = []
  for (let partition = 0; partition < config.WORKFLOW_PARTITIONS; partition++) {
    const projection = await projectLog({
      connection: messaging.connection,
      partition,
      durable: 'cases',
      handler,
      onTrouble: (failure) =>
        logger.error('the case view does not keep up', { partition, code: failure.code, reason: failure.message }),
    })
    projections.push(projection)
    onStop(`case projection ${partition}`, () => projection.stop())
  }
  return projections
}

function measure({ telemetry }: Context, host: { held(): number[]; size(): number }): void {
  telemetry.meter
    .createObservableGauge('pitcrew.workflows.open', { description: 'workflows in memory of this instance' })
    .addCallback((result) => result.observe(host.size()))
  telemetry.meter
    .createObservableGauge('pitcrew.workflow.partitions', { description: 'partitions that this instance leads' })
    .addCallback((result) => result.observe(host.held().length))
}

async function listen(
  context: Context,
  workflows: WorkflowClient,
  store: CaseStore,
  agents: AgentRegistry,
): Promise<void> {
  const { messaging, telemetry, config, onStop } = context
  const signals = { workflows, telemetry, traceOf: async (caseId: string) => (await store.get(caseId))?.trace ?? '' }
  const urgencyOf = async (caseId: string) => (await store.get(caseId))?.urgency
  // Every instance has to know who may not work, whenever it was said.
  const everyone = { perInstance: true, from: 'last' } as const
  const subscriptions = [
    await messaging.consume(
      events.alertRaised,
      { durable: 'open-cases' },
      onAlertRaised(workflows, timing(config.CASE_TIME_SCALE)),
    ),
    await messaging.consume(events.alertEscalated, { durable: 'escalations' }, onAlertEscalated(workflows, urgencyOf)),
    await messaging.consume(events.replyReceived, { durable: 'replies' }, onReply(signals)),
    await messaging.consume(events.feedbackReceived, { durable: 'feedback' }, onFeedback(signals)),
    await messaging.consume(events.visitStarted, { durable: 'visits-started' }, onVisitStarted(signals)),
    await messaging.consume(events.visitCompleted, { durable: 'visits-completed' }, onVisitCompleted(signals)),
    await messaging.consume(events.bookingChanged, { durable: 'bookings' }, onBookingChanged(signals)),
    await messaging.consume(events.agentBlocked, { durable: 'blocked-agents', ...everyone }, onAgentBlocked(agents)),
    await messaging.consume(events.agentReleased, { durable: 'released-agents', ...everyone }, onAgentReleased(agents)),
  ]
  for (const subscription of subscriptions) onStop('consumer', () => subscription.stop())
}
