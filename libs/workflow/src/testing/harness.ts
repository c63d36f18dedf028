/**
 * The test kit: runs workflows in a test. Agents are functions, time is moved by hand (a wait of months passes in no time),
 * children run beside their parents, and the process can be killed at any append to the log. It is the real partition; only
 * the log, the snapshots, the clock and the task queue are in memory.
 *
 *     const harness = await Harness.start([order], {
 *       'stock.reserve': ({ sku }) => ({ reservation: `r-${sku}` }),
 *       'payment.charge': () => { throw new Retryable('BANK_DOWN', 'no answer') },
 *     })
 *     await harness.run(order, 'order-1', { sku: 'brake-pads' })
 *     await harness.pass(2_000)                                   // the first retry
 *     await harness.decide('order-1', 'approve', true)            // a person says yes
 *     await harness.signal('order-1', 'delivered', { at: 'door' })
 *     expect(await harness.ending('order-1')).toMatchObject({ status: 'completed' })
 *
 * `everyCrash` runs a scenario once for every append that it makes and every way to die there.
 */
import { Terminal, toFailure, toWire, type Failure } from '@pitcrew/errors'
import { Definitions } from '../core/compile.ts'
import { apply, born } from '../core/decide.ts'
import type { Incoming, WorkflowEvent } from '../core/event.ts'
import { open, type WorkflowState } from '../core/state.ts'
import { answerOf, query } from '../core/update.ts'
import type { Definition } from '../definition/definition.ts'
import type { Json } from '../definition/json.ts'
import { endingOf, type Ending } from '../runner/ended.ts'
import { decodeFrame, type View } from '../runner/frame.ts'
import { Partition } from '../runner/partition.ts'
import type { TaskToRun } from '../runner/ports.ts'
import { ManualClock } from './manual-clock.ts'
import { MemoryLog, MemorySnapshots, type AppendFault } from './memory-log.ts'
import { MemoryTasks } from './queue.ts'

/** By capability. What one throws is the failure of the attempt. */
export type Agents = Record<string, (input: never, task: TaskToRun) => Json | Promise<Json>>

/** Turns of the event loop without news after which nothing more is to be expected. */
const quietTurns = 3
const mostStarts = 100
/** An event that is sent again after a crash was applied before it, if it fits no more. */
const appliedBefore = ['STALE_RESULT', 'ILLEGAL_TRANSITION', 'GONE', 'NO_CHECKPOINT', 'NOT_AWAITED']

export class Harness {
  readonly clock = new ManualClock()
  readonly log = new MemoryLog()
  readonly snapshots = new MemorySnapshots()
  readonly troubles: Failure[] = []
  readonly definitions: Definitions
  /** How often the process died. */
  crashes = 0
  tasks = new MemoryTasks()
  readonly #agents: Agents
  #partition!: Partition
  #lost = false
  #ids = 0

  private constructor(definitions: Definition[], agents: Agents) {
    this.definitions = new Definitions(definitions)
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

  /** The process dies (nothing is said to anybody) and another one takes over, or the next one if that dies as well. */
  async restart(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        this.#partition = await this.#open()
        return
      } catch (error) {
        if (toFailure(error).kind !== 'retryable' || tries === mostStarts) throw error
        this.crashes++
      }
    }
  }

  #open(): Promise<Partition> {
    const tasks = new MemoryTasks()
    this.tasks = tasks
    this.#lost = false
    return Partition.open({
      definitions: this.definitions,
      log: this.log,
      snapshots: this.snapshots,
      tasks,
      clock: this.clock,
      onLost: (reason) => {
        this.troubles.push(reason)
        // Not that of a process that has been replaced already.
        if (this.tasks === tasks) this.#lost = true
      },
      onTrouble: (failure) => this.troubles.push(failure),
    })
  }

  /** The `nth` append from now on goes wrong, and with it the process: nothing of it was written, or all but the answer. */
  crashAt(nth: number, fault: Exclude<AppendFault, 'none'>): void {
    let appends = 0
    this.log.fault = () => (++appends === nth ? fault : 'none')
  }

  /** Starts a workflow and lets the agents do what there is to do. */
  async run(definition: Definition, id: string, input: Json): Promise<void> {
    await this.submit(id, { type: 'started', definition: definition.name, version: definition.version, input })
    await this.settle()
  }

  /**
   * Resolves when the event is durable; goes on with another process if this one dies of it.
   * @throws what the partition refuses it with
   */
  async submit(id: string, event: Incoming): Promise<void> {
    if (this.#lost) await this.#recover()
    try {
      await this.#partition.submit(id, event)
    } catch (error) {
      if (toFailure(error).code !== 'NOT_LEADER') throw error
      await this.#recover()
      await this.#partition.submit(id, event).catch((again: unknown) => {
        if (!appliedBefore.includes(toFailure(again).code)) throw again
      })
    }
  }

  async signal(id: string, signal: string, payload: Json, signalId = this.#newId(signal)): Promise<void> {
    await this.submit(id, { type: 'signalled', signal, signalId, payload })
    await this.settle()
  }

  /** A person decides at an approval. */
  async decide(
    id: string,
    path: string,
    approved: boolean,
    { by = 'person', comment = '', decisionId = this.#newId(path) } = {},
  ): Promise<void> {
    await this.submit(id, { type: 'decided', path, approved, by, comment, decisionId })
    await this.settle()
  }

  /** Gives the update's answer. */
  async update(id: string, name: string, payload: Json, updateId = this.#newId(name)): Promise<Json | undefined> {
    await this.submit(id, { type: 'updated', name, updateId, payload, by: 'person' })
    const state = this.state(id)
    return state && answerOf(state, updateId)
  }

  query(id: string, name: string): Json {
    const state = this.state(id)
    if (!state) throw new Terminal('UNKNOWN_WORKFLOW', `there is no open workflow ${id}`)
    return query(this.#partition.program(state), state, name, this.clock.now())
  }

  /** Lets the agents do what there is to do now, until nothing moves any more. */
  async settle(): Promise<void> {
    for (let quiet = 0, frames = -1; quiet < quietTurns; quiet++) {
      if (this.#lost) await this.#recover()
      if (this.log.frames.length !== frames || this.tasks.tasks.length > 0) quiet = 0
      frames = this.log.frames.length
      for (let task = this.tasks.take(); task; task = this.tasks.take()) await this.perform(task)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** The same, for who has not submitted anything. */
  quiet(): Promise<void> {
    return this.settle()
  }

  /** An agent does the task and reports. A report that nobody waits for any more is dropped, as an agent would. */
  async perform(task: TaskToRun): Promise<void> {
    const { path, attempt } = task
    const agent = this.#agents[task.capability]
    let outcome: Incoming
    try {
      if (!agent) throw new Terminal('NO_AGENT', `this test has no agent for ${task.capability}`)
      const output = (await agent(task.input as never, task)) ?? null
      outcome = { type: 'task-succeeded', path, attempt, output, agent: 'test' }
    } catch (error) {
      outcome = { type: 'task-failed', path, attempt, failure: toWire(toFailure(error)), agent: 'test' }
    }
    await this.submit(task.workflowId, outcome).catch((error: unknown) => {
      if (!['STALE_RESULT', 'GONE'].includes(toFailure(error).code)) throw error
    })
  }

  /** Moves time on by `ms`, waking what falls due. */
  async pass(ms: number): Promise<void> {
    const until = this.clock.now() + ms
    for (let next = this.clock.next; next !== undefined && next <= until; next = this.clock.next) {
      this.clock.moveTo(next)
      await this.settle()
    }
    this.clock.moveTo(until)
  }

  state(id: string): WorkflowState | undefined {
    return this.#partition.get(id)?.state
  }

  /** How the workflow ended, by what the log says. @throws Terminal when it has not */
  async ending(id: string): Promise<Ending> {
    const state = this.replayed(id)
    if (!state || open(state)) {
      const found = state ? state.status : 'not there'
      throw new Terminal('STILL_OPEN', `workflow ${id} is ${found}, expected its end`)
    }
    return endingOf(state)
  }

  /** The workflow as the events of the log make it. */
  replayed(id: string): WorkflowState | undefined {
    let state: WorkflowState | undefined
    for (const event of this.history(id)) {
      if (event.type === 'started') state = born(id, this.definitions.get(event.definition, event.version), event)
      if (state) apply(this.definitions.get(state.definition, state.version), state, event)
    }
    return state
  }

  /** The last that the log says of the workflow. */
  lastView(id: string): View | undefined {
    let view: View | undefined
    for (const { frame } of this.log.frames)
      for (const entry of decodeFrame(frame).entries) if (entry.id === id) view = entry.after
    return view
  }

  /** What happened to the workflow, in order. */
  history(id: string): WorkflowEvent[] {
    return this.log.frames.flatMap(({ frame }) =>
      decodeFrame(frame).entries.flatMap((entry) => (entry.id === id ? entry.event : [])),
    )
  }

  async #recover(): Promise<void> {
    this.crashes++
    await this.restart()
  }

  #newId(of: string): string {
    return `${of}-${++this.#ids}`
  }
}

/**
 * Runs the scenario undisturbed, then again with the process killed at its first append, its second, and so on, each time
 * before and after it was written. The scenario asserts what must hold however often the process dies.
 * @returns how many times it ran
 */
export async function everyCrash(
  definitions: Definition[],
  agents: () => Agents,
  scenario: (harness: Harness) => Promise<void>,
): Promise<number> {
  const calm = await Harness.start(definitions, agents())
  await scenario(calm)
  // The first frame is the one that each process begins with.
  const appends = calm.log.frames.length - 1
  for (let nth = 1; nth <= appends; nth++) {
    for (const fault of ['refused', 'lost-answer'] as const) {
      const harness = await Harness.start(definitions, agents())
      harness.crashAt(nth, fault)
      await scenario(harness)
    }
  }
  return 1 + 2 * appends
}
