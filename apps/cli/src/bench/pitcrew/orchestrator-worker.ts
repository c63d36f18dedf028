/** An orchestrator in a process of its own, and the load on it. Started with an `OrchestratorSetup` in JSON. */
import { Terminal } from '@pitcrew/errors'
import { connectMessaging, partitionOf } from '@pitcrew/messaging'
import { Definitions } from '@pitcrew/workflow'
import { hostWorkflows } from '@pitcrew/workflow-jetstream'
import { measuring } from '../measure.ts'
import { residentBytes } from '../process-tree.ts'
import { answerRequests } from '../worker.ts'
import type { Workload } from '../workload.ts'
import { benchTelemetry } from './telemetry.ts'
import { definitions, runStep, stepCapability, version, waitingWorkflow, type Counted } from './workflows.ts'

export interface OrchestratorSetup {
  url: string
  instance: string
  partitions: number
  /** `local` runs them here, `agents` hands them to the task queue. */
  steps: 'local' | 'agents'
}

const { url, instance, partitions, steps } = JSON.parse(process.argv[2]!) as OrchestratorSetup
const resultWithinMs = 60_000

const telemetry = benchTelemetry('orchestrator')
const messaging = await connectMessaging({ url, service: 'orchestrator', instance, telemetry })
const host = await hostWorkflows({
  messaging,
  definitions: new Definitions(definitions),
  partitions,
  instance,
  ...(steps === 'local' && { local: { [stepCapability]: (input) => ({ ...runStep(input as unknown as Counted) }) } }),
  // Nobody projects this log, so a snapshot alone decides what is cut.
  projected: () => Promise.resolve(Number.MAX_SAFE_INTEGER),
  onTrouble: (partition, failure) => telemetry.logger.warn('trouble with a partition', { partition, error: failure }),
})

let started = 0

/** Of a workflow that is led here, as whoever routes by partition would send it here. */
function nextId(): string {
  const held = new Set(host.held())
  for (;;) {
    const id = `${instance}-${(started++).toString(36)}`
    if (held.size === 0 || held.has(partitionOf(id, partitions))) return id
  }
}

async function call({ name }: Workload, n: number): Promise<number> {
  const id = nextId()
  await host.client.start({ id, definition: name, version, input: { n } })
  const { status, output, failure } = await host.client.result({ id, timeoutMs: resultWithinMs })
  if (status === 'completed') return output as number
  const why = failure === undefined ? '' : `: ${failure.code}: ${failure.message}`
  throw new Terminal('WRONG_OUTCOME', `workflow ${id} is ${status}${why}; expected completed`)
}

async function park({ ids, atOnce }: { ids: readonly string[]; atOnce: number }): Promise<void> {
  let next = 0
  const caller = async (): Promise<void> => {
    while (next < ids.length) {
      const id = ids[next++]!
      await host.client.start({ id, definition: waitingWorkflow, version, input: { n: next } })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, caller))
}

async function reply({ id }: { id: string }): Promise<void> {
  await host.client.signal({ id, signal: 'reply', signalId: '1', payload: null })
}

/** After a collection that gives back what it can: the process is asked what it needs, not what it once needed. */
function memory(_: undefined): { residentBytes: number; heapBytes: number } {
  const collect = globalThis.gc as ((options: object) => void) | undefined
  for (let i = 0; i < 3; i++) collect?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  return { residentBytes: residentBytes(process.pid), heapBytes: process.memoryUsage().heapUsed }
}

const answers = {
  ...measuring(call),
  held: (_: undefined): number[] => host.held(),
  size: (_: undefined): number => host.size(),
  park,
  reply,
  memory,
}

export type OrchestratorAnswers = typeof answers

answerRequests(answers)
