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

/**
 * A message holds about so much work, so that what is quick shares a write and what is long is shared by agents. An agent
 * does the tasks of a message side by side, as far as it has slots.
 */
const workTogetherMs = 50
const mostTogether = 64
/** Until it is known how long a capability takes. */
const togetherAtFirst = 8
/** Weight of the newest duration in the mean. */
const learning = 0.05
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
  /** Milliseconds of work that a task of each capability takes, on average. */
  readonly #takes = new Map<string, number>()

  constructor(connection: NatsConnection, partition: number) {
    this.#connection = connection
    this.#client = jetstream(connection)
    this.#partition = partition
  }

  async dispatch(tasks: TaskToRun[]): Promise<void> {
    await Promise.all([...this.#batches(tasks)].map((batch) => this.#publish(batch)))
  }

  learn(capability: string, ms: number): void {
    const known = this.#takes.get(capability)
    this.#takes.set(capability, known === undefined ? ms : known + (ms - known) * learning)
  }

  cancel(tasks: Pick<TaskToRun, 'workflowId' | 'path' | 'attempt'>[]): void {
    const message = { tasks: tasks.map((task) => ({ taskId: taskIdOf(task), attempt: task.attempt })) }
    this.#connection.publish(cancelledSubject, agent.TasksCancelled.encode(message).finish())
  }

  /** Tasks of one capability and priority, in the order in which they came. */
  *#batches(tasks: TaskToRun[]): Generator<TaskToRun[]> {
    if (tasks.length === 1) return yield tasks
    const groups = Map.groupBy(tasks, ({ capability, priority }) => `${capability} ${levelOf(priority)}`)
    for (const group of groups.values()) yield* cut(group, this.#together(group[0] as TaskToRun))
  }

  #together({ capability }: TaskToRun): number {
    const takes = this.#takes.get(capability)
    if (takes === undefined) return togetherAtFirst
    return Math.max(1, Math.min(mostTogether, Math.floor(workTogetherMs / Math.max(takes, 0.1))))
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

function* cut(group: TaskToRun[], most: number): Generator<TaskToRun[]> {
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
