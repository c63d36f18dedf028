/**
 * Owns: what leaves a partition once it is durable: tasks to agents, times to wake at, words to other workflows.
 *
 * Invariants
 *  F1 Everything here can be said again: a task is known by its path and attempt, a child by its id, so a leader that dies
 *     in the middle does no harm. Whoever leads next finds in the state what was under way.
 *  F2 What cannot be delivered is tried until it can, or the leadership ends.
 */
import { toFailure, toWire, type Failure } from '@pitcrew/errors'
import type { Command, Incoming } from '../core/event.ts'
import { open, type WorkflowState } from '../core/state.ts'
import { earliestDue } from './due.ts'
import type { Clock, Peers, TaskQueue, TaskToRun } from './ports.ts'
import { Timers } from './timers.ts'

export interface EffectsOptions {
  tasks: TaskQueue
  clock: Clock
  peers?: Peers
  onTrouble: (failure: Failure) => void
}

interface Home {
  submit(id: string, event: Incoming): Promise<void>
  state(id: string): WorkflowState | undefined
}

type Of<T extends Command['type']> = Extract<Command, { type: T }>

/** The workflow that this was about has gone on, or is led elsewhere: nothing is left to do here. */
const overtaken = ['NOT_LEADER', 'GONE', 'UNKNOWN_WORKFLOW', 'STALE_RESULT']

export class Effects {
  readonly #options: EffectsOptions
  readonly #home: Home
  readonly #timers: Timers
  #stopped = false

  constructor(options: EffectsOptions, home: Home) {
    this.#options = options
    this.#home = home
    this.#timers = new Timers(options.clock, (id) => this.#wake(id))
  }

  release(applied: { state: WorkflowState; commands: Command[] }[]): void {
    const tasks: TaskToRun[] = []
    for (const { state, commands } of applied) {
      for (const command of commands) this.#act(state, command, tasks)
      if (!open(state)) this.#timers.forget(state.id)
    }
    if (tasks.length > 0) this.#dispatch(tasks)
  }

  /** The workflow, which was read back, only waits. */
  wakeBy(id: string, due: number): void {
    this.#timers.by(id, due)
  }

  /** The workflow will not be looked at until something comes for it, or its earliest time has. */
  parked(state: WorkflowState): void {
    this.#timers.exactly(state.id, state.status === 'running' ? earliestDue(state) : null)
  }

  stop(): void {
    this.#stopped = true
    this.#timers.stop()
  }

  #act(state: WorkflowState, command: Command, tasks: TaskToRun[]): void {
    switch (command.type) {
      case 'wake-at':
        return this.#timers.by(state.id, command.due)
      case 'run-task':
        return void tasks.push(toTask(state, command, this.#options.clock.now()))
      case 'cancel-task': {
        const { path, attempt } = command
        return this.#options.tasks.cancel?.([{ workflowId: state.id, path, attempt }])
      }
      case 'start-child':
        return this.#startChild(state.id, command)
      case 'cancel-child':
        return this.#cancelChild(state.id, command)
      case 'tell-parent':
        return this.#tellParent(state.id, command)
    }
  }

  #dispatch(tasks: TaskToRun[]): void {
    this.#persist(() => this.#options.tasks.dispatch(tasks))
  }

  #startChild(parent: string, { path, id, definition, version, input, attributes }: Of<'start-child'>): void {
    const event = { type: 'started', definition, version, input, attributes, parent: { id: parent, path } } as const
    this.#say(id, event, (refusal) => {
      if (refusal === undefined) return
      const failure = toWire(refusal)
      this.#say(parent, {
        type: 'child-ended',
        path,
        childId: id,
        status: 'failed',
        outcome: 'refused',
        output: null,
        failure,
      })
    })
  }

  /** Started as cancelled first, so that one whose start has got lost, or is still on its way, cannot begin after all. */
  #cancelChild(by: string, { id, definition, version, reason, parent }: Of<'cancel-child'>): void {
    const stillborn = { type: 'started', definition, version, input: null, parent, cancelled: reason } as const
    this.#say(id, stillborn, () => this.#say(id, { type: 'cancelled', reason, by }))
  }

  #tellParent(child: string, { parent, outcome }: Of<'tell-parent'>): void {
    const event = { type: 'child-ended', path: parent.path, ...outcome } as const
    // A parent that does not want to know any more has been told as well.
    this.#say(parent.id, event, () => this.#say(child, { type: 'parent-told' }))
  }

  #say(id: string, event: Incoming, then: (refusal?: Failure) => void = () => undefined): void {
    const { peers = this.#home } = this.#options
    this.#persist(() => peers.submit(id, event), then)
  }

  #persist(act: () => Promise<void>, then: (refusal?: Failure) => void = () => undefined, attempt = 1): void {
    if (this.#stopped) return
    act().then(
      () => then(),
      (error: unknown) => {
        const failure = toFailure(error)
        if (failure.kind === 'terminal') return then(failure)
        const { clock } = this.#options
        clock.wakeAt(clock.now() + Math.min(5_000, 100 * 2 ** attempt), () => this.#persist(act, then, attempt + 1))
      },
    )
  }

  #wake(id: string): void {
    const state = this.#home.state(id)
    if (!state || !open(state)) return
    const now = this.#options.clock.now()
    for (const path in state.nodes) {
      const node = state.nodes[path]
      if (node && 'due' in node && node.due !== null && node.due <= now) this.#fire(id, path, node.due)
    }
    const next = earliestDue(state, now)
    if (next !== null) this.#timers.by(id, next)
  }

  #fire(id: string, path: string, due: number): void {
    this.#home.submit(id, { type: 'timer-fired', path, due }).catch((error: unknown) => {
      const failure = toFailure(error)
      if (!overtaken.includes(failure.code)) this.#options.onTrouble(failure)
    })
  }
}

function toTask(state: WorkflowState, command: Of<'run-task'>, startedAt: number): TaskToRun {
  const { path, attempt, capability, input, priority, timeoutMs } = command
  const task = { workflowId: state.id, path, attempt, capability, input, priority, timeoutMs, startedAt }
  return state.trace === undefined ? task : { ...task, trace: state.trace }
}
