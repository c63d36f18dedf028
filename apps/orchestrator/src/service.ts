import { defineService, type Service, type ServiceContext } from '@pitcrew/service'
import { Definitions, type LocalAgent } from '@pitcrew/workflow'
import {
  hostWorkflows,
  projectLog,
  provisionWorkflowStreams,
  type Projection,
  type WorkflowHost,
} from '@pitcrew/workflow-jetstream'
import { AgentRegistry } from './adapters/agent-registry.ts'
import { keepArchiving } from './adapters/archiving.ts'
import { CaseStore } from './adapters/case-store.ts'
import { Evaluations } from './adapters/evaluations.ts'
import { Followers } from './adapters/followers.ts'
import { localAgents } from './adapters/planner.ts'
import { orchestratorSchema } from './adapters/schema.ts'
import { projectWorkflows } from './adapters/workflow-projection.ts'
import { WorkflowStore } from './adapters/workflow-store.ts'
import { config as schema, type Config } from './config.ts'
import { Catalogue } from './domain/catalogue.ts'
import { caseRpc } from './grpc.ts'
import { listen } from './handlers/index.ts'
import { templates, type Template } from './templates/index.ts'
import { workflowRpc } from './workflow-rpc/index.ts'

type Context = ServiceContext<Config>

/** @param templatesOf what it can run: the definitions of these templates */
export function orchestratorOf(templatesOf: (config: Config) => readonly Template[]): Service {
  return defineService({
    name: 'orchestrator',
    config: schema,
    start: (context) => start(context, templatesOf(context.config)),
  })
}

export const orchestratorService = orchestratorOf(templates)

const dayMs = 86_400_000

async function start(context: Context, templates: readonly Template[]): Promise<void> {
  const { config, messaging, logger } = context
  const database = await context.database(orchestratorSchema)
  const store = new WorkflowStore(database)
  const cases = new CaseStore(database)
  const agents = new AgentRegistry(database)
  const watching = await agents.watch(messaging, logger)
  context.onStop('agent registry', () => watching.stop())

  const catalogue = new Catalogue(templates.map(({ definition }) => definition))
  const followers = new Followers()
  await provisionWorkflowStreams(messaging.connection, {
    partitions: config.WORKFLOW_PARTITIONS,
    replicas: config.WORKFLOW_REPLICAS,
  })
  const projections = await project(context, { store, catalogue, followers, agents })
  const local = { ...localAgents(config, agents), ...agentsOf(templates) }
  const host = await runEngine(context, { agents, catalogue, projections, local })

  const evaluations = new Evaluations(database, catalogue.nodeOf)
  const evaluating = evaluations.keepUp(logger)
  context.onStop('evaluation', () => evaluating.stop())
  const retention = { keepMs: config.WORKFLOW_KEEP_DAYS * dayMs, archiveMs: config.WORKFLOW_ARCHIVE_DAYS * dayMs }
  const archiving = await keepArchiving({ messaging, database, retention })
  context.onStop('archive', () => archiving.stop())

  const workflows = host.client
  await context.rpc([
    caseRpc({ cases, store, workflows, agents }),
    workflowRpc({
      database,
      store,
      workflows,
      catalogue,
      templates,
      followers,
      evaluations,
      maxActive: config.WORKFLOW_MAX_ACTIVE,
    }),
  ])
  await listen(context, { workflows, cases, agents })
}

interface Engine {
  agents: AgentRegistry
  catalogue: Catalogue
  projections: Projection[]
  local: Readonly<Record<string, LocalAgent>>
}

async function runEngine(context: Context, { agents, catalogue, projections, local }: Engine): Promise<WorkflowHost> {
  const { config, messaging, logger } = context
  const host = await hostWorkflows({
    messaging,
    definitions: new Definitions(catalogue.list()),
    partitions: config.WORKFLOW_PARTITIONS,
    instance: context.instance,
    snapshotEvery: config.WORKFLOW_SNAPSHOT_EVERY,
    ...(config.WORKFLOW_MAX_ACTIVE > 0 && { maxActive: config.WORKFLOW_MAX_ACTIVE }),
    local,
    mayReport: (agent) => agents.mayReport(agent),
    projected: (partition) => projections[partition]?.sequence() ?? Promise.resolve(0),
    onTrouble: (partition, failure) =>
      logger.error('a workflow partition is in trouble', { partition, code: failure.code, reason: failure.message }),
  })
  context.onStop('workflow host', () => host.stop())
  measure(context, host)
  return host
}

interface Views {
  store: WorkflowStore
  catalogue: Catalogue
  followers: Followers
  agents: AgentRegistry
}

/** One projection for each partition's log; instances share the work. */
async function project(context: Context, { store, catalogue, followers, agents }: Views): Promise<Projection[]> {
  const { messaging, config, logger, telemetry, onStop } = context
  const handler = projectWorkflows({
    store,
    messaging,
    nodeOf: catalogue.nodeOf,
    logger,
    telemetry,
    observe: (agent, capability, ok, durationMs) => agents.observe(agent, capability, ok, durationMs),
    moved: (ids) => followers.moved(ids),
  })
  const projections: Projection[] = []
  for (let partition = 0; partition < config.WORKFLOW_PARTITIONS; partition++) {
    const projection = await projectLog({
      connection: messaging.connection,
      partition,
      durable: 'cases',
      handler,
      onTrouble: (failure) =>
        logger.error('the views do not keep up', { partition, code: failure.code, reason: failure.message }),
    })
    projections.push(projection)
    onStop(`projection ${partition}`, () => projection.stop())
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

const agentsOf = (templates: readonly Template[]): Record<string, LocalAgent> =>
  Object.assign({}, ...templates.map(({ agents }) => agents))
