/**
 * Reads the log as it grows, applies every event to a state of its own, and holds what it sees against the invariants.
 *
 *  W1 The frames form one chain.
 *  W2 A workflow's transitions count up by one.
 *  W3 Nothing follows the end of a workflow but what tells others of it, or what opens one that failed.
 *  W4 A result is applied once, and a signal, decision or update is taken once.
 *  W8 The state is a function of the log: applied again, every event fits and leads where the entry says.
 *  W9 No attempt of a path is handed out twice (S3), none while the workflow stands still (S4), and none is given up without
 *     telling the agent (S6).
 *  W10 What is left of a workflow is in open scopes; one that ended well or was cancelled has nothing under way.
 *  W11 A parent hears of a child's end after that is durable, and hears what the child's log says.
 */
import {
  admit,
  apply,
  born,
  decodeFrame,
  type Command,
  type Definitions,
  type Entry,
  type WorkflowEvent,
  type WorkflowState,
} from '../src/index.ts'
import { holderOf, isUndo, scopeOf } from '../src/core/path.ts'
import type { MemoryLog } from '../src/testing/index.ts'

interface Seen {
  state: WorkflowState
  /** What was taken once: results, signals, decisions, updates. */
  taken: Set<string>
  dispatched: Set<string>
}

export class Shadow {
  readonly #log: MemoryLog
  readonly #definitions: Definitions
  readonly #workflows = new Map<string, Seen>()
  readonly #endings = new Set<string>()
  #frames = 0
  #checksum = 0

  constructor(log: MemoryLog, definitions: Definitions) {
    this.#log = log
    this.#definitions = definitions
  }

  get ids(): string[] {
    return [...this.#workflows.keys()]
  }

  state(id: string): WorkflowState | undefined {
    return this.#workflows.get(id)?.state
  }

  taken(id: string, what: string): boolean {
    return this.#workflows.get(id)?.taken.has(what) ?? false
  }

  /** @throws Error naming the invariant that does not hold */
  catchUp(): void {
    for (; this.#frames < this.#log.frames.length; this.#frames++) {
      const { frame } = this.#log.frames[this.#frames] as MemoryLog['frames'][number]
      const { entries, checksum } = decodeFrame(frame, this.#checksum)
      this.#checksum = checksum
      for (const entry of entries) this.#follow(entry)
    }
  }

  #follow({ id, revision, event, after }: Entry): void {
    const seen = this.#workflows.get(id) ?? this.#begin(id, event)
    const { state } = seen
    if (revision !== state.revision + 1) throw new Error(`W2: ${id} jumps from ${state.revision} to ${revision}`)
    this.#checkEnd(state, event)
    this.#take(seen, event)
    if (event.type !== 'started' && admit(state, event, this.#definitions).is !== 'fits')
      throw new Error(`W8: ${event.type} of ${id} does not fit`)
    const running = runningOf(state)
    const commands = apply(this.#definitions.get(state.definition, state.version), state, event)
    if (state.status !== after.status || state.phase !== after.phase)
      throw new Error(`W8: ${event.type} leads ${id} to ${state.status}, the log says ${after.status}`)
    this.#checkTasks(seen, running, event, commands)
    checkRest(state)
    if (state.endedAt !== undefined) this.#endings.add(`${id} ${state.status} ${state.outcome}`)
  }

  #begin(id: string, event: WorkflowEvent): Seen {
    if (event.type !== 'started') throw new Error(`W2: ${id} begins with ${event.type}`)
    const state = born(id, this.#definitions.get(event.definition, event.version), event)
    const seen = { state, taken: new Set<string>(), dispatched: new Set<string>() }
    this.#workflows.set(id, seen)
    return seen
  }

  #checkEnd({ id, status }: WorkflowState, event: WorkflowEvent): void {
    const told = event.type === 'parent-told' || event.type === 'child-ended'
    if ((status === 'completed' || status === 'cancelled') && !told)
      throw new Error(`W3: ${id} goes on after its end with ${event.type}`)
  }

  #take({ state, taken }: Seen, event: WorkflowEvent): void {
    const what = nameOf(event)
    if (what === undefined) return
    if (taken.has(what)) throw new Error(`W4: ${what} of ${state.id} is taken twice`)
    taken.add(what)
    if (event.type !== 'child-ended') return
    if (!this.#endings.has(`${event.childId} ${event.status} ${event.outcome}`))
      throw new Error(`W11: ${state.id} hears that ${event.childId} is ${event.status}, which its log does not say`)
  }

  #checkTasks(
    { state, dispatched }: Seen,
    before: Map<string, number>,
    event: WorkflowEvent,
    commands: Command[],
  ): void {
    const cancelled = new Set<string>()
    for (const command of commands) {
      if (command.type === 'cancel-task') cancelled.add(`${command.path}:${command.attempt}`)
      if (command.type !== 'run-task') continue
      const task = `${command.path}:${command.attempt}`
      if (dispatched.has(task)) throw new Error(`W9: ${task} of ${state.id} is handed out twice`)
      dispatched.add(task)
      const stands = state.status !== 'running' || state.undoing !== undefined
      if (stands && !isUndo(command.path)) throw new Error(`W9: ${task} of ${state.id} starts while it stands still`)
    }
    const now = runningOf(state)
    for (const [path, attempt] of before) {
      const reported = 'path' in event && event.path === path && event.type !== 'timer-fired'
      if (now.get(path) !== attempt && !reported && !cancelled.has(`${path}:${attempt}`))
        throw new Error(`W9: ${path}:${attempt} of ${state.id} is given up silently by ${event.type}`)
    }
  }
}

/** What an event is recognised by, if it may come twice. */
export function nameOf(event: WorkflowEvent | Omit<WorkflowEvent, 'at'>): string | undefined {
  const one = event as WorkflowEvent
  switch (one.type) {
    case 'task-succeeded':
    case 'task-failed':
      return `result ${one.path}:${one.attempt}`
    case 'signalled':
      return `signal ${one.signalId}`
    case 'decided':
      return `decision ${one.decisionId}`
    case 'updated':
      return `update ${one.updateId}`
    case 'child-ended':
      return `child ${one.childId}`
    default:
      return undefined
  }
}

function runningOf({ nodes }: WorkflowState): Map<string, number> {
  const running = new Map<string, number>()
  for (const path in nodes) {
    const held = nodes[path]
    if (held?.is === 'running') running.set(path, held.attempt)
  }
  return running
}

function checkRest({ id, status, nodes }: WorkflowState): void {
  const over = status === 'completed' || status === 'cancelled'
  for (const path in nodes) {
    const held = nodes[path]
    const scope = isUndo(path) ? '' : scopeOf(path)
    if (scope !== '' && nodes[holderOf(scope)]?.is !== 'open')
      throw new Error(`W10: ${path} of ${id} is left of a scope that has closed`)
    if (over && (held?.is === 'running' || held?.is === 'child' || held?.is === 'backoff'))
      throw new Error(`W10: ${path} of ${id} is ${held.is} though it has ${status}`)
  }
}
