/** F5: what one agent says to another, as those who send and receive it see it. */
import type { Failure } from '@pitcrew/errors'
import type { TaskPriority } from '@pitcrew/messaging'
import type { Json } from '../json.ts'

export const messageKinds = ['request', 'response', 'error', 'notification', 'broadcast', 'handoff', 'status'] as const

export type MessageKind = (typeof messageKinds)[number]

interface Envelope {
  /** It may come again: the same id, the same message. */
  id: string
  priority: TaskPriority
  /** "<service>.<instance>" */
  from: string
  /** "<service>.<instance>", "<service>" for any one instance of it, empty for all. */
  to: string
  /** What it is about: "diagnosis.finished". */
  topic: string
  /** Of the first message of an exchange; answers and what follows from them keep it. */
  conversation: string
  /** The message that this one answers; empty for none. */
  correlation: string
  /** ISO 8601. */
  sentAt: string
  /** It is not delivered after this; ISO 8601. */
  expiresAt: string
}

export interface SaidMessage extends Envelope {
  kind: 'request' | 'response' | 'notification' | 'broadcast' | 'status'
  body: Json
}

export interface ErrorMessage extends Envelope {
  kind: 'error'
  failure: Failure
}

export interface HandoffMessage extends Envelope {
  kind: 'handoff'
  handoff: HandedOver
}

export type Message = SaidMessage | ErrorMessage | HandoffMessage

/** What is handed over: a task's result, and what its next agent needs to know. */
export interface HandedOver {
  workflowId: string
  taskId: string
  result: Json
  /** What the next agent needs beside the result. */
  context?: Json
  /** A space of the shared context that goes with it. */
  space?: string
  /** For the person who reads the history. */
  note?: string
}

export interface SendOptions {
  /** 1 urgent, 2 high, 3 scheduled (default), 4 routine. Of several that wait the most urgent is delivered first. */
  priority?: TaskPriority
  /** Of an exchange that goes on; default a new one. */
  conversation?: string
  /** The message that this one answers. */
  correlation?: string
  /** Not delivered after so long; default an hour. */
  expiresInMs?: number
}
