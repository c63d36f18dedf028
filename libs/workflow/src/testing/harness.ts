/**
 * Runs a workflow in a test: agents are functions, time is moved by hand, and the process can be killed at any point. It
 * uses the real partition; only the log, the clock and the queue are in memory.
 */
import { toFailure, toWire, type Failure } from '@pitcrew/errors'
import { Definitions } from '../core/compile.ts'
import type { Definition } from '../definition/definition.ts'
import { decodeFrame, type View } from '../runner/frame.ts'
import type { Json } from '../definition/json.ts'
import { Partition, type Incoming } from '../runner/partition.ts'
import type { TaskToRun } from '../runner/ports.ts'
import type { WorkflowState } from '../core/state.ts'
import { ManualClock } from './manual-clock.ts'
import { MemoryLog, MemorySnapshots } from './memory-log.ts'
import { MemoryTasks } from './queue.ts'

export type Agents = Record<string, (input: never, task: TaskToRun) => Json | Promise<Json>>

export class Harness {
  readonly clock = new ManualClock()
  readonly log = new MemoryLog()
  readonly snapshots = new MemorySnapshots()
  readonly troubles: Failure[] = []
  tasks = new MemoryTasks()
  readonly #definitions: Definitions
  readonly #agents: Agents
  #partition!: Partition

  private constructor(definitions: Definition[], agents: Agents) {
    this.#definitions = new Definitions(definitions)
    this.#agents = agents
  }

  static async start(definitions: Definition[], agents: Agents): Promise<Harness> {
    const harness = new Harness(definitions, agents)
    await harness.restart()
    return harness
  }

  get partition(): Partition {
    return this.#partition
  }

  /** The process dies (nothing is said to anybody) and another one takes over. */
  async restart(): Promise<void> {
    this.tasks = new MemoryTasks()
    this.#partition = await Partition.open({
      definitions: this.#definitions,
      log: this.log,
      snapshots: this.snapshots,
      tasks: this.tasks,
      clock: this.clock,
      onLost: (reason) => this.troubles.push(reason),
      onTrouble: (failure) => this.troubles.push(failure),
    })
  }

  async run(definition: Definition, id: string, input: Json): Promise<void> {
    await this.submit(id, { type: 'started', definition: definition.name, version: definition.version, input })
    await this.settle()
  }

  async submit(id: string, event: Incoming): Promise<void> {
    await this.#partition.submit(id, event)
  }

  async signal(
    id: string,
    signal: string,
    payload: Json,
    signalId = `${signal}-${this.log.frames.length}`,
  ): Promise<void> {
    await this.submit(id, { type: 'signalled', signal, signalId, payload })
    await this.settle()
  }

  /** Lets the agents do what there is to do now. */
  async settle(): Promise<void> {
    for (let task = this.tasks.take(); task; task = this.tasks.take()) await this.perform(task)
  }

  async perform(task: TaskToRun): Promise<void> {
    const { path, attempt } = task
    const agent = this.#agents[task.capability]
    let outcome: Incoming
    try {
      if (!agent) throw new Error(`no agent for ${task.capability}`)
      outcome = { type: 'task-succeeded', path, attempt, output: await agent(task.input as never, task), agent: 'test' }
    } catch (error) {
      outcome = { type: 'task-failed', path, attempt, failure: toWire(toFailure(error)), agent: 'test' }
    }
    await this.submit(task.workflowId, outcome)
  }

  /** Moves time on by `ms`, waking what falls due. */
  async pass(ms: number): Promise<void> {
    const until = this.clock.now() + ms
    for (let next = this.clock.next; next !== undefined && next <= until; next = this.clock.next) {
      this.clock.moveTo(next)
      await this.quiet()
    }
    this.clock.moveTo(until)
  }

  /** Waits until everything submitted is durable and done by the agents. */
  async quiet(): Promise<void> {
    do {
      await new Promise((resolve) => setImmediate(resolve))
      await new Promise((resolve) => setImmediate(resolve))
      await this.settle()
    } while (this.tasks.tasks.length > 0)
  }

  state(id: string): WorkflowState | undefined {
    return this.#partition.get(id)?.state
  }

  /** The last that the log says of the workflow. */
  lastView(id: string): View | undefined {
    let view: View | undefined
    for (const { frame } of this.log.frames)
      for (const entry of decodeFrame(frame).entries) if (entry.id === id) view = entry.after
    return view
  }
}
