import { headers as natsHeaders, type NatsConnection } from '@nats-io/transport-node'
import { jetstream, type JetStreamClient } from '@nats-io/jetstream'
import { agent } from '@pitcrew/contracts'
import type { TaskQueue, TaskToRun } from '@pitcrew/workflow'

const priorities = [
  agent.Priority.URGENT,
  agent.Priority.HIGH,
  agent.Priority.SCHEDULED,
  agent.Priority.ROUTINE,
] as const

/** Hands tasks to agents over the TASKS stream, a subject for each capability and priority. */
export class JetStreamTaskQueue implements TaskQueue {
  readonly #client: JetStreamClient
  readonly #partition: number

  constructor(connection: NatsConnection, partition: number) {
    this.#client = jetstream(connection)
    this.#partition = partition
  }

  async dispatch(tasks: TaskToRun[]): Promise<void> {
    await Promise.all(tasks.map((task) => this.#publish(task)))
  }

  async #publish(task: TaskToRun): Promise<void> {
    const level = Math.min(4, Math.max(1, Math.round(task.priority)))
    const taskId = `${task.workflowId}/${task.path}`
    const message = agent.Task.fromPartial({
      taskId,
      workflowId: task.workflowId,
      capability: task.capability,
      priority: priorities[level - 1],
      attempt: task.attempt,
      input: Buffer.from(JSON.stringify(task.input)),
      partition: this.#partition,
    })
    const headers = natsHeaders()
    if (task.trace !== undefined) headers.set('traceparent', task.trace)
    // The id drops the second copy that a new leader hands out, while the first may still be waiting.
    await this.#client.publish(`task.${task.capability}.${level}`, agent.Task.encode(message).finish(), {
      msgID: `${taskId}:${task.attempt}`,
      headers,
    })
  }
}
