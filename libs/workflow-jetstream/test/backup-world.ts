/** A platform in miniature for the tests of backups: a broker, an orchestrator, an agent that remembers what it did. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { handle, runAgent } from '@pitcrew/agent'
import { capabilities, type scheduling, type ServiceName } from '@pitcrew/contracts'
import type { Messaging } from '@pitcrew/messaging'
import { testBroker, testMessaging, testTelemetry, type TestBroker } from '@pitcrew/testing'
import { defineWorkflow, Definitions, plainLifecycle } from '@pitcrew/workflow'
import { hostWorkflows, provisionWorkflowStreams, workflowClient, type HostOptions } from '../src/index.ts'

export const partitions = 2

const definition = defineWorkflow<{ name: string }>('booking', 1, plainLifecycle, (flow, input) => {
  flow.task('release', capabilities.releaseHold, { input: { bookingId: input.name } })
  flow.wait('go', { signals: ['go'], timeoutMs: null, reason: 'a signal' })
  flow.task('release-again', capabilities.releaseHold, { input: { bookingId: input.name } })
})

/** What the agent's table would hold: it outlives brokers, and a task that it has done is answered and not done again. */
export class Ledger {
  readonly #done = new Map<string, number>()

  do(taskId: string): void {
    if (!this.#done.has(taskId)) this.#done.set(taskId, 1)
  }

  get tasks(): string[] {
    return [...this.#done.keys()]
  }
}

export class World {
  readonly #closing: (() => Promise<unknown>)[] = []

  /** With the platform's streams and an empty log; `log: false` leaves the log out. */
  async broker({ log = true } = {}): Promise<TestBroker> {
    const broker = await testBroker()
    this.#closing.push(() => broker.stop())
    if (!log) return broker
    const messaging = await testMessaging(broker, 'orchestrator')
    await provisionWorkflowStreams(messaging.connection, { partitions, replicas: 1 })
    await messaging.drain()
    return broker
  }

  async connect(broker: TestBroker, service: ServiceName = 'orchestrator'): Promise<Messaging> {
    const messaging = await testMessaging(broker, service)
    this.#closing.push(() => messaging.drain())
    return messaging
  }

  /** An orchestrator and an agent; gives who asks for workflows. */
  async platform(broker: TestBroker, ledger: Ledger, options: Partial<HostOptions> = {}) {
    const messaging = await this.connect(broker)
    const host = await hostWorkflows({
      messaging,
      definitions: new Definitions([definition]),
      partitions,
      instance: 'a',
      projected: () => Promise.resolve(Number.MAX_SAFE_INTEGER),
      onTrouble: () => undefined,
      ...options,
    })
    this.#closing.push(() => host.stop())
    const agentMessaging = await this.connect(broker, 'scheduling')
    const release = handle(capabilities.releaseHold, async (_: scheduling.ReleaseHoldRequest, { taskId }) => {
      ledger.do(taskId)
      return { released: true }
    })
    const agent = await runAgent({
      messaging: agentMessaging,
      telemetry: testTelemetry(),
      service: 'scheduling',
      instance: 's',
      version: '0',
      capabilities: [release],
    })
    this.#closing.push(() => agent.stop())
    const workflows = workflowClient({ messaging, partitions })
    const start = (id: string): Promise<void> =>
      workflows.start({ id, definition: 'booking', version: 1, input: { name: id } })
    const go = (id: string): Promise<void> => workflows.signal({ id, signal: 'go', signalId: 'go', payload: {} })
    const stop = async (): Promise<void> => {
      await agent.stop()
      await host.stop()
      await agentMessaging.drain()
      await messaging.drain()
    }
    return { broker, workflows, start, go, stop, connection: messaging.connection }
  }

  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'pitcrew-backup-'))
    this.#closing.push(async () => rmSync(folder, { recursive: true, force: true }))
    return folder
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close()
  }
}
