/** A service as an agent: its capabilities, taken from their queues, done and reported. */
import { agent, type ServiceName } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import {
  cancelledSubject,
  taskDurable,
  taskPriorities,
  taskSubject,
  workQueue,
  type Messaging,
  type WorkQueue,
} from '@pitcrew/messaging'
import type { Telemetry } from '@pitcrew/observability'
import { Dispatcher } from './dispatcher.ts'
import type { Handler } from './handler.ts'
import { beat } from './heartbeat.ts'
import { followStanding } from './standing.ts'
import { TaskRunner } from './task-runner.ts'

export interface AgentOptions {
  messaging: Messaging
  telemetry: Telemetry
  service: ServiceName
  instance: string
  version: string
  capabilities: Handler[]
  /** What it knows most about, in any words, for the choice among several that could. */
  expertise?: readonly string[]
  /** Tasks at once; default 16. */
  concurrency?: number
  /** Silence after which another instance gets a task. Kept alive while it runs. Default 5 s. */
  ackWaitMs?: number
  /** How long `stop` waits for running tasks before it gives them back; default 10 s. */
  drainMs?: number
}

export interface RunningAgent {
  /** Takes no more, waits for what runs, gives back what does not end in time. */
  stop(): Promise<void>
}

export async function runAgent(options: AgentOptions): Promise<RunningAgent> {
  const { messaging, telemetry, service, instance, version, concurrency = 16, drainMs = 10_000 } = options
  const handlers = handlersByName(options.capabilities)
  const actor = `${service}.${instance}`
  const stopping = new AbortController()
  const dispatcher: Dispatcher = new Dispatcher(
    concurrency,
    (work) => runner.run(work),
    () => runner.load,
  )
  const onBlocked = () => {
    telemetry.logger.warn('this agent is blocked; it takes no tasks until released', { actor })
    dispatcher.pause()
  }
  const onReleased = () => {
    telemetry.logger.info('this agent is released', { actor })
    dispatcher.resume()
  }
  const runner = new TaskRunner({
    messaging,
    telemetry,
    service,
    actor,
    version,
    handlers,
    slots: concurrency,
    stopping: stopping.signal,
  })

  const queues = await openQueues(options, dispatcher)
  const cancels = messaging.listen(cancelledSubject, (data) => runner.cancel(agent.TasksCancelled.decode(data)))
  const standing = await followStanding({ messaging, service, actor, onBlocked, onReleased })
  const stopBeating = beat({
    messaging,
    service,
    instance,
    version,
    capabilities: [...handlers.keys()],
    running: () => dispatcher.running,
    slots: concurrency,
    ...(options.expertise && { expertise: options.expertise }),
  })

  const stop = async () => {
    dispatcher.pause()
    await standing.stop()
    await Promise.all(queues.map((queue) => queue.stop()))
    const limit = setTimeout(() => stopping.abort(), drainMs)
    await dispatcher.idle()
    clearTimeout(limit)
    stopBeating()
    for (const queue of queues) queue.close()
    await cancels.stop()
  }
  let stopped: Promise<void> | undefined
  return { stop: () => (stopped ??= stop()) }
}

function handlersByName(handlers: Handler[]): Map<string, Handler> {
  const byName = new Map(handlers.map((handler) => [handler.capability, handler]))
  if (byName.size < handlers.length) {
    throw new Terminal('DUPLICATE_CAPABILITY', 'a capability has two handlers; expected one each', {
      hint: 'remove one of them',
    })
  }
  return byName
}

async function openQueues(
  { messaging, capabilities, ackWaitMs = 5_000 }: AgentOptions,
  dispatcher: Dispatcher,
): Promise<WorkQueue[]> {
  const queues: WorkQueue[] = []
  for (const { capability } of capabilities) {
    await Promise.all(
      taskPriorities.map((priority) =>
        dispatcher.add(priority, async (events) => {
          const names = {
            stream: 'TASKS',
            durable: taskDurable(capability, priority),
            subject: taskSubject(capability, priority),
          }
          const queue = await workQueue(messaging, { ...names, ackWaitMs, ...events })
          queues.push(queue)
          return queue
        }),
      ),
    )
  }
  return queues
}
