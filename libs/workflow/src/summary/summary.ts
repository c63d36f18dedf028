/** C5: what became of a workflow, from its history alone: how long what took, who did it, how it ended, what is recommended. */
import { nodeId } from '../core/path.ts'
import type { WorkflowState } from '../core/state.ts'
import type { Json } from '../definition/json.ts'
import type { Entry } from '../runner/frame.ts'
import { Recommendations, type Recommendation } from './recommendations.ts'

export interface WorkflowSummary {
  id: string
  definition: string
  version: number
  status: WorkflowState['status']
  outcome: string
  failure?: NonNullable<WorkflowState['failure']>
  /** Unix milliseconds. */
  startedAt: number
  /** Null while it is open. */
  endedAt: number | null
  /** Milliseconds, to the end or to the last transition. */
  durationMs: number
  /** Of which it was paused. */
  pausedMs: number
  transitions: number
  signals: number
  /** In the order in which they were first entered; the time of all visits together. */
  phases: { phase: string; visits: number; ms: number }[]
  /** One for each run of a node that agents worked on, in order of its beginning. */
  tasks: TaskSummary[]
  /** By name. */
  agents: { agent: string; succeeded: number; failed: number }[]
  recommendations: Recommendation[]
}

export interface TaskSummary {
  path: string
  attempts: number
  /** Codes of the attempts that failed, in order. */
  failures: string[]
  /** From when it was first handed out to its last result, backoffs included. */
  ms: number
  is: 'succeeded' | 'failed' | 'under way'
}

/** @param history all entries of one workflow, in order; undefined without any */
export function workflowSummary(history: readonly Entry[]): WorkflowSummary | undefined {
  const [first] = history
  const last = history.at(-1)
  if (!first || !last) return undefined
  const reading = new Reading()
  for (const entry of history) reading.take(entry)
  const { status, outcome, failure, definition } = last.after
  const ended = history.find(({ after }) => after.status === status && isEnd(after.status))
  const over = isEnd(status)
  const end = over && ended ? ended.event.at : last.event.at
  return {
    id: first.id,
    definition,
    version: reading.version,
    status,
    outcome: outcome ?? '',
    ...(failure && { failure }),
    startedAt: first.after.startedAt,
    endedAt: over ? end : null,
    durationMs: end - first.after.startedAt,
    transitions: history.length,
    ...reading.result(end),
  }
}

const isEnd = (status: WorkflowState['status']): boolean => ['completed', 'failed', 'cancelled'].includes(status)

class Reading {
  version = 0
  readonly #phases = new Map<string, { phase: string; visits: number; ms: number }>()
  readonly #tasks = new Map<string, TaskSummary & { since: number }>()
  readonly #agents = new Map<string, { agent: string; succeeded: number; failed: number }>()
  readonly #recommendations = new Recommendations()
  readonly #activeSince = new Map<string, number>()
  #signals = 0
  #pausedMs = 0
  #before: { at: number; after: Entry['after'] } | undefined

  take({ event, after }: Entry): void {
    this.#passed(event.at)
    if (event.type === 'started') this.version = event.version
    if (event.type === 'migrated') this.version = event.to
    if (event.type === 'signalled') this.#signals++
    if (event.type === 'task-succeeded') this.#succeeded(event)
    if (event.type === 'task-failed') this.#failed(event)
    for (const [path, value] of Object.entries(after.values ?? {})) this.#recommendations.take(path, value)
    if (this.#before?.after.phase !== after.phase) this.#phase(after.phase).visits++
    this.#noteActive(after.active, event.at)
    this.#before = { at: event.at, after }
  }

  result(end: number) {
    this.#passed(end)
    return {
      pausedMs: this.#pausedMs,
      signals: this.#signals,
      phases: [...this.#phases.values()],
      tasks: [...this.#tasks.values()].sort((a, b) => a.since - b.since).map(({ since: _, ...task }) => task),
      agents: [...this.#agents.values()].sort((a, b) => (a.agent < b.agent ? -1 : 1)),
      recommendations: this.#recommendations.all,
    }
  }

  /** The time since the entry before belongs to the phase, and the pause, that it left the workflow in. */
  #passed(at: number): void {
    if (!this.#before) return
    const ms = Math.max(0, at - this.#before.at)
    if (!isEnd(this.#before.after.status)) this.#phase(this.#before.after.phase).ms += ms
    if (this.#before.after.status === 'paused') this.#pausedMs += ms
  }

  #phase(phase: string) {
    const known = this.#phases.get(phase) ?? { phase, visits: 0, ms: 0 }
    this.#phases.set(phase, known)
    return known
  }

  #noteActive(active: readonly string[], at: number): void {
    for (const path of active) if (!this.#activeSince.has(path)) this.#activeSince.set(path, at)
  }

  #task(path: string, attempt: number, at: number) {
    const since = this.#activeSince.get(path) ?? at
    const known = this.#tasks.get(path) ?? { path, attempts: 0, failures: [], ms: 0, is: 'under way' as const, since }
    this.#tasks.set(path, known)
    known.attempts = Math.max(known.attempts, attempt)
    known.ms = at - known.since
    return known
  }

  #agent(agent: string) {
    const known = this.#agents.get(agent) ?? { agent, succeeded: 0, failed: 0 }
    this.#agents.set(agent, known)
    return known
  }

  #succeeded(event: { path: string; attempt: number; at: number; agent: string; output: Json }): void {
    this.#task(event.path, event.attempt, event.at).is = 'succeeded'
    this.#agent(event.agent).succeeded++
    this.#recommendations.take(nodeId(event.path), event.output)
  }

  #failed(event: { path: string; attempt: number; at: number; agent: string; failure: { code: string } }): void {
    const task = this.#task(event.path, event.attempt, event.at)
    task.is = 'failed'
    task.failures.push(event.failure.code)
    this.#agent(event.agent).failed++
  }
}
