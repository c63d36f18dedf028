import { createHash } from 'node:crypto'
import type { NatsConnection } from '@nats-io/transport-node'
import { jetstream, type JetStreamClient } from '@nats-io/jetstream'
import { agent } from '@pitcrew/contracts'
import { cancelledSubject } from '@pitcrew/messaging'
import type { TaskQueue, TaskToRun } from '@pitcrew/workflow'

const priorities = [
  agent.Priority.URGENT,
  agent.Priority.HIGH,
  agent.Priority.SCHEDULED,
  agent.Priority.ROUTINE,
] as const

/** Messages that many tasks of one moment are spread over, so that several agents can share them. */
const spread = 4
const fewTogether = 8
const mostTogether = 64
/** Characters of input in a message, so that it stays under what a broker takes. */
const longestTogether = 200 * 1024

/**
 * Hands tasks to agents over the TASKS stream, a subject for each capability and priority. Tasks that become ready together
 * travel together: a message on a stream that syncs costs its write, whatever its size.
 */
export class JetStreamTaskQueue implements TaskQueue {
  readonly #connection: NatsConnection
  readonly #client: JetStreamClient
  readonly #partition: number

  constructor(connection: NatsConnection, partition: number) {
    this.#connection = connection
    this.#client = jetstream(connection)
    this.#partition = partition
  }

  async dispatch(tasks: TaskToRun[]): Promise<void> {
    await Promise.all([...batches(tasks)].map((batch) => this.#publish(batch)))
  }

  cancel(tasks: Pick<TaskToRun, 'workflowId' | 'path' | 'attempt'>[]): void {
    const message = { tasks: tasks.map((task) => ({ taskId: taskIdOf(task), attempt: task.attempt })) }
    this.#connection.publish(cancelledSubject, agent.TasksCancelled.encode(message).finish())
  }

  async #publish(batch: TaskToRun[]): Promise<void> {
    const [{ capability, priority }] = batch as [TaskToRun]
    const message = { tasks: batch.map((task) => this.#message(task)) }
    // The id drops the second copy that a new leader hands out, while the first may still be waiting.
    await this.#client.publish(`task.${capability}.${levelOf(priority)}`, agent.TaskBatch.encode(message).finish(), {
      msgID: messageIdOf(batch),
    })
  }

  #message(task: TaskToRun): agent.Task {
    return {
      taskId: taskIdOf(task),
      workflowId: task.workflowId,
      capability: task.capability,
      priority: priorities[levelOf(task.priority) - 1] as agent.Priority,
      attempt: task.attempt,
      deadline: undefined,
      input: Buffer.from(JSON.stringify(task.input)),
      partition: this.#partition,
      traceparent: task.trace ?? '',
    }
  }
}

const taskIdOf = ({ workflowId, path }: Pick<TaskToRun, 'workflowId' | 'path'>): string => `${workflowId}/${path}`
const levelOf = (priority: number): number => Math.min(4, Math.max(1, Math.round(priority)))

function messageIdOf(batch: TaskToRun[]): string {
  const ids = batch.map((task) => `${taskIdOf(task)}:${task.attempt}`).join(' ')
  return ids.length <= 200 ? ids : createHash('sha256').update(ids).digest('base64url')
}

/** Tasks of one capability and priority, in the order in which they came. */
function* batches(tasks: TaskToRun[]): Generator<TaskToRun[]> {
  if (tasks.length === 1) return yield tasks
  for (const group of Map.groupBy(tasks, ({ capability, priority }) => `${capability} ${levelOf(priority)}`).values()) {
    const most = Math.min(mostTogether, Math.max(fewTogether, Math.ceil(group.length / spread)))
    let batch: TaskToRun[] = []
    let length = 0
    for (const task of group) {
      const size = JSON.stringify(task.input).length
      if (batch.length >= most || (batch.length > 0 && length + size > longestTogether)) {
        yield batch
        batch = []
        length = 0
      }
      batch.push(task)
      length += size
    }
    yield batch
  }
}
