/** Orchestrators side by side on one broker, each with its share of the load, for the partitions that it leads. */
import { join } from 'node:path'
import type { NatsServer } from '@pitcrew/broker'
import type { Plan } from './closed-loop.ts'
import type { Place } from './contender.ts'
import { startProvisionedBroker } from './pitcrew/broker.ts'
import { spread, startOrchestrator, type Orchestrator } from './pitcrew/orchestrators.ts'
import { stopAll } from './stop-all.ts'
import { workloads } from './workload.ts'

export interface ScaleOptions {
  server: NatsServer
  place: Place
  partitions: number
  /** Numbers of them to measure, smallest first. */
  orchestrators: readonly number[]
  plan: Plan
  onProgress: (words: string) => void
}

export interface ScaleFigures {
  orchestrators: number
  /** All together, chains of ten steps in process. */
  workflowsPerSecond: number
  /** Of the slowest of them. */
  p50Ms: number
}

const workload = workloads[2]
/** Over all of them. */
const concurrent = 256

export async function measureScale(options: ScaleOptions): Promise<ScaleFigures[]> {
  const { server, place, partitions, onProgress } = options
  const figures: ScaleFigures[] = []
  const running: { stop(): Promise<unknown> }[] = []
  const orchestrators: Orchestrator[] = []
  try {
    const broker = await startProvisionedBroker({ server, folder: join(place.runDir, 'nats-scale'), partitions })
    running.push(broker)
    for (const count of options.orchestrators) {
      while (orchestrators.length < count) {
        const instance = `o${orchestrators.length}`
        const one = await startOrchestrator({ url: broker.url, instance, partitions, steps: 'local' })
        running.push(one)
        orchestrators.push(one)
      }
      await spread(orchestrators, partitions)
      figures.push(await measure(orchestrators, options.plan))
      onProgress(`${count} orchestrators: ${Math.round(figures.at(-1)!.workflowsPerSecond)} workflows/s`)
    }
    return figures
  } finally {
    await stopAll(running)
  }
}

async function measure(orchestrators: readonly Orchestrator[], plan: Plan): Promise<ScaleFigures> {
  const cell = { workload, concurrent: Math.ceil(concurrent / orchestrators.length) }
  const samples = await Promise.all(orchestrators.map((one) => one.ask('measure', { cell, plan, watched: [one.pid] })))
  return {
    orchestrators: orchestrators.length,
    workflowsPerSecond: samples.reduce((sum, { completed, elapsedMs }) => sum + (completed / elapsedMs) * 1_000, 0),
    p50Ms: Math.max(...samples.map(({ p50Ms }) => p50Ms)),
  }
}
