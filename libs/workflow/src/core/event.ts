/** F4: what can happen to a workflow. Each carries the time at which it was recorded, the only clock that the core knows. */
import type { WireFailure } from '@pitcrew/errors'
import type { Json } from '../definition/json.ts'
import type { EndStatus, Parent } from './state.ts'

export type WorkflowEvent = Begun | Worked | Reached | Steered | Family

/** Unix milliseconds. */
interface At {
  at: number
}

type Begun =
  | (At & {
      type: 'started'
      definition: string
      version: number
      input: Json
      attributes?: { [name: string]: Json }
      trace?: string
      parent?: Parent
      /** M7: it is pending until `admitted`. */
      hold?: boolean
      /** It was cancelled before it was started, with this reason: it ends at once, and its id is taken. */
      cancelled?: string
    })
  | (At & { type: 'admitted'; factors: Json })

/** By agents. `tookMs`: the work itself, without waiting in queues. */
type Worked =
  | (At & { type: 'task-succeeded'; path: string; attempt: number; output: Json; agent: string; tookMs?: number })
  | (At & { type: 'task-failed'; path: string; attempt: number; failure: WireFailure; agent: string; tookMs?: number })
  | (At & { type: 'progressed'; path: string; attempt: number; percent: number; note?: string })

type Reached =
  | (At & { type: 'timer-fired'; path: string; due: number })
  | (At & { type: 'signalled'; signal: string; signalId: string; payload: Json; trace?: string })
  | (At & {
      type: 'decided'
      path: string
      approved: boolean
      by: string
      comment: string
      decisionId: string
    })

/** By people. */
type Steered =
  | (At & { type: 'paused'; reason: string; by: string })
  | (At & { type: 'resumed'; by: string })
  | (At & { type: 'cancelled'; reason: string; by: string })
  | (At & { type: 'terminated'; reason: string; by: string })
  | (At & { type: 'retried'; by: string })
  /** `to`: path of a checkpoint. */
  | (At & { type: 'reset'; to: string; reason: string; by: string })
  | (At & { type: 'updated'; name: string; updateId: string; payload: Json; by: string })
  /** `mapping`: ids of nodes that are called otherwise in version `to`, or null for those that are not there any more. */
  | (At & { type: 'migrated'; to: number; mapping: { [node: string]: string | null }; by: string })

type Family =
  | (At & { type: 'child-ended'; path: string } & ChildOutcome)
  /** The parent has acknowledged that this one ended. */
  | (At & { type: 'parent-told' })

export interface ChildOutcome {
  childId: string
  status: EndStatus
  outcome: string
  output: Json
  failure?: WireFailure
}

export type EventType = WorkflowEvent['type']

/** An event without its time, which the partition gives. */
export type Incoming = WorkflowEvent extends infer E ? (E extends WorkflowEvent ? Omit<E, 'at'> : never) : never

/** What the outside has to do once the event is durable; `pendingCommands` gives again what may not have been done. */
export type Command =
  | {
      type: 'run-task'
      path: string
      attempt: number
      capability: string
      input: Json
      priority: number
      timeoutMs: number
    }
  /** Nobody waits for its result any more. */
  | { type: 'cancel-task'; path: string; attempt: number }
  | { type: 'wake-at'; path: string; due: number }
  /** `started` for workflow `id`; to be repeated until it is taken. */
  | {
      type: 'start-child'
      path: string
      id: string
      definition: string
      version: number
      input: Json
      attributes: { [name: string]: Json }
      parent: Parent
    }
  /**
   * `started` with `cancelled` for workflow `id`, so that one whose start is still on its way cannot begin after all, then
   * `cancelled`; to be repeated until both are taken or it has ended.
   */
  | { type: 'cancel-child'; id: string; definition: string; version: number; reason: string; parent: Parent }
  /** `child-ended` for the parent; when it is taken, or the parent is gone, `parent-told` for this one. */
  | { type: 'tell-parent'; parent: Parent; outcome: ChildOutcome }
