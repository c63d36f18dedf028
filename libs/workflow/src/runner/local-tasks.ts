/**
 * Owns: tasks that are done in the process that leads the workflow, without a queue in between. For steps that are quick and
 * need nothing but the process; everything else goes to agents.
 *
 * Invariants
 *  L1 A task is durable before it starts and its result before anything behind it does, as with an agent elsewhere.
 *  L2 A step that does not end in its time counts as failed then; what it gives later is refused as stale.
 */
import { Retryable, Terminal, toFailure, toWire, type Failure } from '@pitcrew/errors'
import type { Incoming } from '../core/event.ts'
import type { Json } from '../definition/json.ts'
import type { Clock, TaskQueue, TaskToRun } from './ports.ts'

export interface LocalTask extends TaskToRun {
  /** Aborts when nobody waits for the result any more. */
  signal: AbortSignal
}

export type LocalAgent = (input: Json, task: LocalTask) => Json | Promise<Json>

export interface LocalTasksOptions {
  /** By capability. */
  agents: Readonly<Record<string, LocalAgent>>
  /** Where tasks for other capabilities go. */
  elsewhere?: TaskQueue
  submit: (workflowId: string, event: Incoming) => Promise<void>
  clock: Clock
  /** Name under which results are recorded. */
  name: string
  onTrouble: (failure: Failure) => void
}

/** The result is not wanted any more, or another instance asks for the task again. */
const expected = ['NOT_LEADER', 'STALE_RESULT', 'GONE', 'UNKNOWN_WORKFLOW']

const keyOf = ({ workflowId, path, attempt }: { workflowId: string; path: string; attempt: number }): string =>
  `${workflowId}/${path}:${attempt}`

export class LocalTasks implements TaskQueue {
  readonly #options: LocalTasksOptions
  readonly #running = new Map<string, AbortController>()

  constructor(options: LocalTasksOptions) {
    this.#options = options
  }

  async dispatch(tasks: TaskToRun[]): Promise<void> {
    const others: TaskToRun[] = []
    for (const task of tasks) {
      const agent = this.#options.agents[task.capability]
      if (agent) this.#run(agent, task)
      else others.push(task)
    }
    if (others.length === 0) return
    const { elsewhere } = this.#options
    if (elsewhere) return elsewhere.dispatch(others)
    for (const task of others)
      this.#report(task, new Terminal('NO_AGENT', `nobody here offers ${task.capability}, and there is no queue`))
  }

  cancel(tasks: { workflowId: string; path: string; attempt: number }[]): void {
    const others = tasks.filter((task) => {
      const running = this.#running.get(keyOf(task))
      running?.abort(new Terminal('CANCELLED', 'the workflow does not wait for this step any more'))
      return running === undefined
    })
    if (others.length > 0) this.#options.elsewhere?.cancel?.(others)
  }

  #run(agent: LocalAgent, task: TaskToRun): void {
    const aborter = new AbortController()
    try {
      const given = agent(task.input, Object.assign(task, { signal: aborter.signal }))
      if (given instanceof Promise) void this.#await(given, task, aborter)
      else this.#report(task, undefined, given)
    } catch (error) {
      this.#report(task, toFailure(error))
    }
  }

  async #await(given: Promise<Json>, task: TaskToRun, aborter: AbortController): Promise<void> {
    const { clock } = this.#options
    const key = keyOf(task)
    this.#running.set(key, aborter)
    const late = new Retryable('DEADLINE_EXCEEDED', `${task.capability} did not end within ${task.timeoutMs} ms`)
    const { promise, reject } = Promise.withResolvers<never>()
    const cancel = clock.wakeAt(clock.now() + task.timeoutMs, () => aborter.abort(late))
    aborter.signal.addEventListener('abort', () => reject(aborter.signal.reason as Failure))
    try {
      this.#report(task, undefined, await Promise.race([given, promise]))
    } catch (error) {
      this.#report(task, toFailure(error))
    } finally {
      cancel()
      this.#running.delete(key)
    }
  }

  #report({ workflowId, path, attempt }: TaskToRun, failure: Failure | undefined, output: Json = null): void {
    const { name: agent, submit, onTrouble } = this.#options
    const event: Incoming = failure
      ? { type: 'task-failed', path, attempt, failure: toWire(failure), agent }
      : { type: 'task-succeeded', path, attempt, output, agent }
    submit(workflowId, event).catch((error: unknown) => {
      const refusal = toFailure(error)
      if (expected.includes(refusal.code)) return
      // A result that the log cannot hold is a failure of the step, which the workflow has to learn.
      if (failure === undefined && refusal.kind === 'terminal')
        this.#report({ workflowId, path, attempt } as TaskToRun, refusal)
      else onTrouble(refusal)
    })
  }
}
