/**
 * Many workflows that wait: what each takes in memory, and how soon a killed orchestrator's successor moves one of them on.
 *
 * The growth of the process is counted between two collections of garbage, after some workflows have been run and ended, so
 * that code and buffers are there before. The kill is SIGKILL; time runs from it until a reply is durable.
 */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { NatsServer } from '@pitcrew/broker'
import { Retryable } from '@pitcrew/errors'
import { connectMessaging, partitionOf } from '@pitcrew/messaging'
import { workflowClient, type WorkflowClient } from '@pitcrew/workflow-jetstream'
import type { Place } from './contender.ts'
import { startProvisionedBroker } from './pitcrew/broker.ts'
import { spread, startOrchestrator, type Orchestrator } from './pitcrew/orchestrators.ts'
import { benchTelemetry } from './pitcrew/telemetry.ts'
import { memoryOf } from './process-tree.ts'
import { stopAll } from './stop-all.ts'

export interface ParkedOptions {
  server: NatsServer
  place: Place
  partitions: number
  workflows: number
  onProgress: (words: string) => void
}

export interface ParkedFigures {
  workflows: number
  /** Growth of the orchestrator's resident memory. */
  bytesPerWorkflow: number
  /** Of that, what the heap of JavaScript holds. */
  heapBytesPerWorkflow: number
  /** Growth of the broker, which has the log and the snapshots on disk. */
  brokerBytesPerWorkflow: number
  startedPerSecond: number
  /** From SIGKILL until a reply to one workflow is durable. */
  restartToProgressMs: number
  /** Until one in each partition has been replied to. */
  restartToAllMs: number
}

const warmUpWorkflows = 2_000
const atOnce = 512
const giveUpMs = 120_000
const tryEveryMs = 10

export async function measureParked(options: ParkedOptions): Promise<ParkedFigures> {
  const { server, place, partitions, workflows, onProgress } = options
  const running: { stop(): Promise<unknown> }[] = []
  try {
    const broker = await startProvisionedBroker({ server, folder: join(place.runDir, 'nats-parked'), partitions })
    running.push(broker)
    const setup = { url: broker.url, partitions, steps: 'local' as const }
    const first = await startOrchestrator({ ...setup, instance: 'first' }, ['--expose-gc'])
    running.push(first)
    await spread([first], partitions)
    const memory = await measureMemory(first, { ...options, brokerPid: broker.pid })
    const telemetry = benchTelemetry('bench')
    const messaging = await connectMessaging({ url: broker.url, service: 'bench', instance: 'bench', telemetry })
    running.push({ stop: () => messaging.drain() })
    onProgress(`the orchestrator of ${workflows} parked workflows is killed and started again`)
    const killedAt = performance.now()
    await first.kill()
    const second = startOrchestrator({ ...setup, instance: 'first' })
    running.push({ stop: async () => (await second).stop() })
    const client = workflowClient({ messaging, partitions, patienceMs: 0 })
    const progress = await Promise.all([
      second.then(() => 0),
      ...onePerPartition(workflows, partitions).map((id) => answered(client, id, killedAt)),
    ])
    const times = progress.slice(1)
    return { workflows, ...memory, restartToProgressMs: Math.min(...times), restartToAllMs: Math.max(...times) }
  } finally {
    await stopAll(running)
  }
}

async function measureMemory(
  orchestrator: Orchestrator,
  { workflows, brokerPid, onProgress }: ParkedOptions & { brokerPid: number },
): Promise<Omit<ParkedFigures, 'workflows' | 'restartToProgressMs' | 'restartToAllMs'>> {
  const warm = Array.from({ length: warmUpWorkflows }, (_, index) => `warm-${index}`)
  await orchestrator.ask('park', { ids: warm, atOnce })
  for (const id of warm) await orchestrator.ask('reply', { id })
  const before = await orchestrator.ask('memory', undefined)
  const brokerBefore = memoryOf([brokerPid])
  onProgress(`${workflows} workflows are parked`)
  const began = performance.now()
  await orchestrator.ask('park', { ids: Array.from({ length: workflows }, (_, index) => parkedId(index)), atOnce })
  const startedPerSecond = (workflows / (performance.now() - began)) * 1_000
  const after = await orchestrator.ask('memory', undefined)
  const open = await orchestrator.ask('size', undefined)
  if (open !== workflows) throw new Retryable('WRONG_OUTCOME', `${open} workflows are open, expected ${workflows}`)
  return {
    bytesPerWorkflow: (after.residentBytes - before.residentBytes) / workflows,
    heapBytesPerWorkflow: (after.heapBytes - before.heapBytes) / workflows,
    brokerBytesPerWorkflow: (memoryOf([brokerPid]) - brokerBefore) / workflows,
    startedPerSecond,
  }
}

const parkedId = (index: number): string => `parked-${index}`

function onePerPartition(workflows: number, partitions: number): string[] {
  const ids = new Map<number, string>()
  for (let index = 0; index < workflows && ids.size < partitions; index++) {
    const id = parkedId(index)
    const partition = partitionOf(id, partitions)
    if (!ids.has(partition)) ids.set(partition, id)
  }
  return [...ids.values()]
}

/** Milliseconds from the kill until the reply was durable and the workflow, which ends with it, has its outcome. */
async function answered(client: WorkflowClient, id: string, killedAt: number): Promise<number> {
  for (;;) {
    try {
      await client.signal({ id, signal: 'reply', signalId: '1', payload: null })
      const took = performance.now() - killedAt
      const { output } = await client.result({ id, timeoutMs: 5_000 })
      if (output !== 'reply') throw new Retryable('WRONG_OUTCOME', `${id} ended with ${JSON.stringify(output)}`)
      return took
    } catch (error) {
      if (performance.now() - killedAt > giveUpMs) throw error
      await pause(tryEveryMs)
    }
  }
}
