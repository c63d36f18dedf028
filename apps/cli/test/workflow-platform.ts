/** The orchestrator and the gateway on a real broker and a real database, with a small workflow that people have to do with. */
import { handle, runAgent } from '@pitcrew/agent'
import { capabilities, type scheduling } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { gatewayService } from '@pitcrew/gateway'
import { provisionJobs } from '@pitcrew/jobs'
import { orchestratorOf, type Template } from '@pitcrew/orchestrator'
import { startService } from '@pitcrew/service'
import { testBroker, testDatabase, testMessaging, testTelemetry } from '@pitcrew/testing'
import { defineWorkflow, eq, plainLifecycle } from '@pitcrew/workflow'
import { z } from 'zod'

interface ErrandInput {
  name: string
}

const errandOf = (version: number) =>
  defineWorkflow<ErrandInput, { done: string }>('errand', version, plainLifecycle, (flow, input) => {
    flow.update<{ label: string }, string>('relabel', {
      set: (payload) => ({ label: payload.label }),
      result: (payload) => payload.label,
    })
    flow.query('name', input.name)
    flow.task('first', capabilities.releaseHold, { input: { bookingId: input.name } })
    flow.checkpoint('halfway')
    const asked = flow.approval('ask', {
      reason: 'whether to go on',
      approvers: 'approver',
      timeoutMs: null,
      onTimeout: 'reject',
    })
    flow.end('refused', 'refused', { when: eq(asked.approved, false) })
    flow.wait('go', { signals: ['go'], timeoutMs: null, reason: 'a signal' })
    return { done: input.name }
  })

const errands: readonly Template[] = [1, 2].map((version) => ({
  name: version === 1 ? 'errand' : `errand-${version}`,
  title: 'Errand',
  description: 'A step, a person and a signal',
  inputSchema: z.object({ name: z.string().min(1) }),
  definition: errandOf(version),
  attributesOf: (input) => ({ priority: 2, vehicleId: `v-${(input as unknown as ErrandInput).name}` }),
}))

export interface WorkflowPlatform {
  /** Of the gateway. */
  url: string
  /** Names whose errands fail while they are in it. */
  broken: Set<string>
  stop(): Promise<void>
}

/** What was started before something would not start is stopped again. */
export async function openWorkflowPlatform(): Promise<WorkflowPlatform> {
  const closing: (() => Promise<unknown>)[] = []
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close()
  }
  try {
    return { ...(await open(closing)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function open(closing: (() => Promise<unknown>)[]): Promise<Omit<WorkflowPlatform, 'stop'>> {
  const [broker, database] = await Promise.all([testBroker(), testDatabase()])
  closing.push(
    () => broker.stop(),
    () => database.stop(),
  )
  const messaging = await testMessaging(broker, 'scheduling')
  closing.push(() => messaging.drain())
  await provisionJobs(messaging.connection, { replicas: 1, fileStorage: true })
  const shared = { NATS_URL: broker.url, DATABASE_URL: database.url }
  const orchestrator = await startService(
    orchestratorOf(() => errands),
    {
      env: { ...shared, ORCHESTRATOR_GRPC_PORT: '0', ORCHESTRATOR_OPS_PORT: '0' },
      telemetry: testTelemetry('orchestrator'),
    },
  )
  closing.push(() => orchestrator.stop())
  const gateway = await startService(gatewayService, {
    env: {
      ...shared,
      ORCHESTRATOR_ADDR: `127.0.0.1:${orchestrator.ports.grpc}`,
      GATEWAY_HTTP_PORT: '0',
      GATEWAY_OPS_PORT: '0',
    },
    telemetry: testTelemetry('gateway'),
  })
  closing.push(() => gateway.stop())
  const broken = new Set<string>()
  const agent = await runAgent({
    messaging,
    telemetry: testTelemetry('scheduling'),
    service: 'scheduling',
    instance: 'errands',
    version: '7',
    capabilities: [
      handle(capabilities.releaseHold, async ({ bookingId }: scheduling.ReleaseHoldRequest) => {
        if (broken.has(bookingId)) throw new Terminal('BROKEN', `${bookingId} is broken`, { hint: 'mend it and retry' })
        return { released: true }
      }),
    ],
  })
  closing.push(() => agent.stop())
  return { url: `http://127.0.0.1:${gateway.ports.http}`, broken }
}
