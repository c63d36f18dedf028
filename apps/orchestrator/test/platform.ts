/** The orchestrator as a service on a real broker and a real database. */
import { engine, workflow } from '@pitcrew/contracts'
import { connectRpc, type RpcClient } from '@pitcrew/rpc'
import { startService, type RunningService } from '@pitcrew/service'
import {
  eventually,
  testDatabase,
  testMessaging,
  testTelemetry,
  type TestBroker,
  type TestDatabase,
  type TestTelemetry,
} from '@pitcrew/testing'
import { orchestratorOf, type Template } from '../src/index.ts'
import { brokerWithJobs } from './broker.ts'
import { errandAgent, errands, type Conditions } from './errand.ts'

export type Workflows = RpcClient<typeof engine.WorkflowServiceService>

export interface Platform extends Conditions {
  readonly broker: TestBroker
  readonly database: TestDatabase
  readonly telemetry: TestTelemetry
  /** Task ids that the agent did. */
  readonly done: readonly string[]
  readonly workflows: Workflows
  readonly cases: RpcClient<typeof workflow.CaseServiceService>
  /** One more instance. */
  another(env?: Record<string, string>): Promise<{ workflows: Workflows; service: RunningService }>
  /** In good order, as on SIGTERM. */
  stopFirst(): Promise<void>
  /** The workflow as soon as it is so. */
  until(id: string, is: (one: engine.GetWorkflowResponse) => boolean): Promise<engine.GetWorkflowResponse>
  stop(): Promise<void>
}

export async function openPlatform(
  env: Record<string, string> = {},
  templates: readonly Template[] = errands,
): Promise<Platform> {
  const closing: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close()
  }
  try {
    return await open(env, templates, closing, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function open(
  env: Record<string, string>,
  templates: readonly Template[],
  closing: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<Platform> {
  const broker = await brokerWithJobs()
  closing.push(() => broker.stop())
  const database = await testDatabase()
  closing.push(() => database.stop())
  const telemetry = testTelemetry('orchestrator')
  const start = async (more: Record<string, string>) => {
    const service = await startService(
      orchestratorOf(() => templates),
      {
        env: {
          NATS_URL: broker.url,
          DATABASE_URL: database.url,
          ORCHESTRATOR_GRPC_PORT: '0',
          ORCHESTRATOR_OPS_PORT: '0',
          ...env,
          ...more,
        },
        telemetry,
      },
    )
    closing.push(() => service.stop())
    const workflows = connectRpc(engine.WorkflowServiceClient, `127.0.0.1:${service.ports.grpc}`, { telemetry })
    closing.push(async () => workflows.close())
    return { workflows, service }
  }
  const { workflows, service } = await start({})
  const cases = connectRpc(workflow.CaseServiceClient, `127.0.0.1:${service.ports.grpc}`, { telemetry })
  closing.push(async () => cases.close())
  const messaging = await testMessaging(broker, 'scheduling')
  const conditions: Conditions = { broken: new Set(), gates: new Map() }
  const agent = await errandAgent(messaging, conditions)
  closing.push(() => messaging.drain())
  closing.push(() => agent.stop())
  return {
    broker,
    database,
    telemetry,
    ...conditions,
    done: agent.done,
    workflows,
    cases,
    stopFirst: () => service.stop(),
    another: (more = {}) => start(more),
    until: (workflowId, is) =>
      eventually(
        async () => {
          const one = await workflows.getWorkflow({ workflowId, historyAfter: 0, historyLimit: 0 })
          if (!is(one)) throw new Error(`it is ${JSON.stringify(one.workflow)}`)
          return one
        },
        { timeoutMs: 20_000 },
      ),
    stop,
  }
}
