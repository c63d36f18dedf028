/** F4: what can happen to a workflow. Each carries the time at which it was recorded, the only clock that the core knows. */
import type { WireFailure } from '@pitcrew/errors'
import type { Json } from '../definition/json.ts'

export type WorkflowEvent =
  | {
      type: 'started'
      at: number
      definition: string
      version: number
      input: Json
      attributes?: { [name: string]: Json }
      trace?: string
    }
  | { type: 'task-succeeded'; at: number; path: string; attempt: number; output: Json; agent: string }
  | { type: 'task-failed'; at: number; path: string; attempt: number; failure: WireFailure; agent: string }
  | { type: 'timer-fired'; at: number; path: string; due: number }
  | { type: 'signalled'; at: number; signal: string; signalId: string; payload: Json; trace?: string }
  | { type: 'paused'; at: number; reason: string; by: string }
  | { type: 'resumed'; at: number; by: string }
  | { type: 'cancelled'; at: number; reason: string; by: string }
  | { type: 'retried'; at: number; by: string }

export type EventType = WorkflowEvent['type']

/** What the outside has to do once the event is durable. Timers are not commands: they follow from the state. */
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
  | { type: 'wake-at'; path: string; due: number }
