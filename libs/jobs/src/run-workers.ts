/** Runs a worker: jobs of the kinds that it has handlers for, taken from their queues and done. */
import { Terminal, toFailure } from '@pitcrew/errors'
import { taskPriorities, workQueue, type Messaging, type WorkQueue } from '@pitcrew/messaging'
import type { JobHandler } from './handler.ts'
import { JobRunner } from './job-runner.ts'
import { jobStore } from './job-store.ts'
import { rateLimiter } from './rate-limiter.ts'
import { cancelSubject, jobStream, queueDurable, queueFilter } from './subjects.ts'
import { Turns } from './turns.ts'

export interface WorkerOptions {
  jobs: readonly JobHandler[]
  /** Jobs at once; default 16. */
  concurrency?: number
  /**
   * Silence after which another worker gets a job. Kept alive while it runs, but not by a handler that blocks the event loop
   * for longer. Default 10 s.
   */
  ackWaitMs?: number
  /** How long `stop` waits for running jobs before it gives them back; default 10 s. */
  drainMs?: number
}

export interface Workers {
  /** Jobs in hand now. */
  readonly running: number
  /** Takes no more until `resume`. */
  pause(): void
  resume(): void
  /** Takes no more, waits for what runs, gives back what does not end in time. */
  stop(): Promise<void>
}

/** A cancellation is heard at once; should the word be lost, it is seen within this time. */
const lookEveryMs = 5_000

/** Terminal DUPLICATE_KIND. Retryable when the broker is away. */
export async function runWorkers(messaging: Messaging, options: WorkerOptions): Promise<Workers> {
  const { concurrency = 16, ackWaitMs = 10_000, drainMs = 10_000 } = options
  const handlers = handlersByKind(options.jobs)
  const stopping = new AbortController()
  const { signal } = stopping
  const stores = { store: jobStore(messaging), limiter: rateLimiter(messaging) }
  const runner = new JobRunner({ messaging, ...stores, handlers, ackWaitMs, stopping: signal })
  const turns = new Turns(concurrency, runner.run)
  const queues = await openQueues(messaging, handlers, turns, ackWaitMs)

  const { logger } = messaging.telemetry
  const look = (which: Parameters<JobRunner['look']>[0]) =>
    runner
      .look(which)
      .catch((error: unknown) => logger.debug('records not read; again soon', { error: toFailure(error) }))
  const decoder = new TextDecoder()
  const cancellations = messaging.listen(cancelSubject, (data) => look(decoder.decode(data)))
  const timer = setInterval(() => void look({ runningForMs: lookEveryMs }), lookEveryMs)
  turns.resume()

  const stop = async () => {
    turns.pause()
    await Promise.all(queues.map((queue) => queue.stop()))
    const limit = setTimeout(() => {
      stopping.abort()
      runner.stop()
    }, drainMs)
    await turns.idle()
    clearTimeout(limit)
    clearInterval(timer)
    await cancellations.stop()
    for (const queue of queues) queue.close()
  }
  let stopped: Promise<void> | undefined
  return {
    get running() {
      return turns.running
    },
    pause: () => turns.pause(),
    resume: () => turns.resume(),
    stop: () => (stopped ??= stop()),
  }
}

function handlersByKind(jobs: readonly JobHandler[]): Map<string, JobHandler> {
  const byKind = new Map(jobs.map((handler) => [handler.kind, handler]))
  if (byKind.size < jobs.length) {
    throw new Terminal('DUPLICATE_KIND', 'a kind of job has two handlers; expected one each', {
      hint: 'remove one of them',
    })
  }
  return byKind
}

async function openQueues(
  messaging: Messaging,
  handlers: ReadonlyMap<string, JobHandler>,
  turns: Turns,
  ackWaitMs: number,
): Promise<WorkQueue[]> {
  const queues: WorkQueue[] = []
  for (const { kind, rate, concurrency = Infinity } of handlers.values()) {
    turns.addKind(kind, { concurrency, rated: rate !== undefined })
    await Promise.all(
      taskPriorities.map((priority) =>
        turns.addQueue(kind, priority, async (events) => {
          const names = { durable: queueDurable(kind, priority), subject: queueFilter(kind, priority) }
          const queue = await workQueue(messaging, { stream: jobStream, ...names, ackWaitMs, ...events })
          queues.push(queue)
          return queue
        }),
      ),
    )
  }
  return queues
}
