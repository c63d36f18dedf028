/** F8: what the evaluator knows of a workflow that has ended: its transitions, from the log or from the projection of it. */
import { nodeId } from '@pitcrew/workflow'

export interface TransitionRecord {
  /** Unix milliseconds. */
  at: number
  /** Type of the event; a signal with its name: `signalled reply`. */
  event: string
  /** Path of the node that it concerns, '' if none. */
  node: string
  /** 0 if none. */
  attempt: number
  /** '' if none. */
  agent: string
  capability?: string
  /** Time at the agent, milliseconds. */
  durationMs?: number
  failureCode?: string
  /** 0 to 1, of a result that says how sure it is. */
  confidence?: number
  /** Paths that became active by it, if that is known. */
  activated?: readonly string[]
}

export interface WorkflowHistory {
  id: string
  definition: string
  version: number
  startedAt: number
  endedAt: number
  status: 'completed' | 'failed' | 'cancelled'
  outcome: string
  /** For the time allowed; see expectation.ts. */
  urgency?: string
  /** Unix milliseconds; goes before the time allowed by urgency. */
  deadlineAt?: number
  /** In order of time. */
  transitions: readonly TransitionRecord[]
}

/** The node's own id: of `arrange[2]/propose`, and of what undoes it, `~arrange[2]/propose`. */
export const nodeOf = (path: string): string => nodeId(path.startsWith('~') ? path.slice(1) : path)
