import { join } from 'node:path'
import type { NatsServer } from '@pitcrew/broker'
import type { Contender, Place, RunningContender } from '../contender.ts'
import { stopAll } from '../stop-all.ts'
import { forkWorker } from '../worker.ts'
import { startProvisionedBroker } from './broker.ts'
import type { OrchestratorSetup } from './orchestrator-worker.ts'
import { spread, startOrchestrator } from './orchestrators.ts'

export interface PitcrewOptions {
  server: NatsServer
  place: Place
  partitions: number
  /** Where to leave profiles of the CPU, for each process of ours. */
  profileDir?: string | undefined
}

const label = 'Pitcrew'
const setup =
  'nats-server (sync_interval always) and one orchestrator in Node, which starts the workflows itself; steps '

/** Steps in the orchestrator's process, and steps by an agent in another. */
export function pitcrewContenders(options: PitcrewOptions): Contender[] {
  return [
    {
      name: 'pitcrew',
      label: `${label}, in process`,
      setup: `${setup}in the same process`,
      start: () => start(options, 'local'),
    },
    {
      name: 'pitcrew-agents',
      label: `${label}, agents`,
      setup: `${setup}by one agent in another process, through the task queue`,
      start: () => start(options, 'agents'),
    },
  ]
}

async function start(options: PitcrewOptions, steps: OrchestratorSetup['steps']): Promise<RunningContender> {
  const { server, place, partitions } = options
  const nodeArgs = profiling(options.profileDir)
  const running: { stop(): Promise<unknown> }[] = []
  try {
    const broker = await startProvisionedBroker({ server, folder: join(place.runDir, `nats-${steps}`), partitions })
    running.push(broker)
    const orchestrator = await startOrchestrator({ url: broker.url, instance: 'one', partitions, steps }, nodeArgs)
    running.push(orchestrator)
    const pids = [broker.pid, orchestrator.pid]
    if (steps === 'agents') {
      const agent = await forkWorker(join(import.meta.dirname, 'agent-worker.ts'), { args: [broker.url], nodeArgs })
      running.push(agent)
      pids.push(agent.pid)
    }
    await spread([orchestrator], partitions)
    return {
      pids,
      measure: (cell, plan) => orchestrator.ask('measure', { cell, plan, watched: pids }),
      stop: () => stopAll(running),
    }
  } catch (error) {
    await stopAll(running)
    throw error
  }
}

const profiling = (folder: string | undefined): string[] =>
  folder === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', folder]
