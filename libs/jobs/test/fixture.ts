/** A broker with the stream and the bucket of jobs, clients on it, and workers that end with it. */
import type { ServiceName } from '@pitcrew/contracts'
import { connectMessaging, provisionStreams, type Messaging } from '@pitcrew/messaging'
import { eventually, testBroker, testTelemetry, type TestTelemetry } from '@pitcrew/testing'
import {
  jobQueue,
  provisionJobs,
  runWorkers,
  type Job,
  type JobHandler,
  type JobQueue,
  type JobState,
  type WorkerOptions,
  type Workers,
} from '../src/index.ts'

export type Client = Messaging & { telemetry: TestTelemetry }

export interface Bench {
  readonly url: string
  queue: JobQueue
  client(service?: ServiceName): Promise<Client>
  /** On a connection of its own. */
  workers(jobs: JobHandler[], options?: Partial<WorkerOptions>): Promise<Workers & { client: Client }>
  /** The job, when it has come to this state. */
  reaches(id: string, state: JobState, timeoutMs?: number): Promise<Job>
  stop(): Promise<void>
}

/** Quick enough for tests, long enough for a process that is busy with others. */
export const ackWaitMs = 1_500

export async function openBench(): Promise<Bench> {
  const broker = await testBroker()
  const bench = await benchOn(() => broker.url)
  return {
    ...bench,
    async stop() {
      await bench.stop()
      await broker.stop()
    },
  }
}

export async function benchOn(url: () => string): Promise<Bench> {
  const clients: Client[] = []
  const running: Workers[] = []
  const client = async (service: ServiceName = 'orchestrator') => {
    const instance = `test-${clients.length}`
    const telemetry = testTelemetry(service)
    const messaging = await connectMessaging({ url: url(), service, instance, telemetry })
    clients.push(messaging as Client)
    return messaging as Client
  }
  const first = await client()
  const kept = { replicas: 1, fileStorage: true }
  await provisionStreams(first.connection, kept)
  await provisionJobs(first.connection, kept)
  const queue = jobQueue(first)
  return {
    get url() {
      return url()
    },
    queue,
    client,
    async workers(jobs, options = {}) {
      const own = await client('data-analysis')
      const workers = await runWorkers(own, { jobs, ackWaitMs, drainMs: 2_000, ...options })
      running.push(workers)
      return Object.assign(workers, { client: own })
    },
    reaches: (id, state, timeoutMs) =>
      eventually(
        async () => {
          const job = await queue.get(id)
          if (job?.state !== state) throw new Error(`job ${id} is ${JSON.stringify(job)}, not ${state}`)
          return job
        },
        { timeoutMs },
      ),
    async stop() {
      queue.stop()
      await Promise.all(running.map((workers) => workers.stop()))
      await Promise.all(clients.map((each) => each.drain()))
    },
  }
}
