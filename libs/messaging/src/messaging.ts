import type { Context } from '@opentelemetry/api'
import type { NatsConnection } from '@nats-io/transport-node'
import type { EventType } from '@pitcrew/contracts'
import type { Telemetry } from '@pitcrew/observability'

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- an event of any message: handlers of several types look at `type`
export type AnyEvent = EventType<any>

/** Where a message went. `duplicate`: the stream has seen this id, so nothing was added. */
export interface PublishAck {
  sequence: number
  duplicate: boolean
}

export interface Publication<T> {
  key: string | string[]
  message: T
  /** Same id, same message: sent again it is dropped. Default: a new one, so that at least our own retries are. */
  id?: string
}

export interface Headers {
  /** undefined when there is none. */
  get(name: string): string | undefined
  keys(): string[]
}

/** One delivery of a message. It may come again: `id` says that it is the same. */
export interface Delivery<T> {
  message: T
  type: EventType<T>
  /** Tokens of the key, unescaped and joined by dots. */
  key: string
  /** CloudEvents id. */
  id: string
  /** Of the stream. */
  sequence: number
  /** 1 the first time. */
  deliveries: number
  /** When it happened (ce-time), ISO 8601. */
  time: string
  headers: Headers
  /** Trace context of its sender. */
  context: Context
}

export interface Subscription {
  /** Takes nothing new, finishes what is in hand, gives back what was not begun. */
  stop(): Promise<void>
}

export interface ConsumeOptions {
  /** What for: "open-cases". With the service's name it names the consumer, so instances of a service share the work. */
  durable: string
  /** Only messages whose key begins with these tokens: "3", "3.V17", "*.V17", or as an array, taken as they are. Default: all. */
  key?: string | string[]
  /** Handlers at once; default 16. */
  concurrency?: number
  /** Silence after which another instance gets the message. Kept alive while a handler runs, so it is no limit to it. Default 5 s. */
  ackWaitMs?: number
  /** Deliveries after which a message that keeps failing goes to the dead letter; default 20 (a quarter of an hour). */
  maxDeliver?: number
  /** What a consumer that is new begins with: all that is stored (default), what comes from now on, or the last of each key. */
  from?: 'all' | 'new' | 'last'
  /** Every instance gets every message, instead of sharing them; forgotten ten minutes after the instance is gone. */
  perInstance?: boolean
}

export interface BatchOptions {
  durable: string
  key?: string | string[]
  maxMessages: number
  /** How long a batch may gather after its first message. */
  maxWaitMs: number
  ackWaitMs?: number
  /** Attempts after which the messages of a failing batch go to the dead letter one by one; default 20. */
  maxDeliver?: number
  from?: 'all' | 'new'
  /**
   * Nobody else uses this durable now (a held partition): delivery starts again behind what was acknowledged, so what a
   * dead holder had in hand comes first and in order. It does so again after each loss of the connection, and whenever
   * messages would come out of order otherwise; what was handled and not acknowledged then comes again.
   */
  exclusive?: boolean
}

export interface RequestOptions {
  timeoutMs: number
  /** Name of the subject for spans when it holds ids: "workflow.inbox.{partition}". */
  template?: string
}

export interface RespondOptions {
  /** Responders of one queue share the requests. */
  queue?: string
  template?: string
}

export interface SendOptions {
  id?: string
  template?: string
  headers?: Record<string, string>
}

export interface Messaging {
  /** For libraries only. */
  readonly connection: NatsConnection
  readonly service: string
  readonly instance: string
  readonly telemetry: Telemetry

  /**
   * Resolves when the stream has it.
   * Terminal BAD_KEY, TOO_LARGE, FORBIDDEN; Retryable BROKER_UNAVAILABLE after 20 s of attempts under the same id.
   */
  publish<T>(event: EventType<T>, key: string | string[], message: T, options?: { id?: string }): Promise<PublishAck>
  /** The same for many, in order and pipelined. Rejects when one failed; the others may be stored, so send again with the ids. */
  publishMany<T>(event: EventType<T>, items: readonly Publication<T>[]): Promise<PublishAck[]>
  /** For libraries: bytes to any stored subject, with trace context. */
  send(subject: string, data: Uint8Array, options?: SendOptions): Promise<PublishAck>

  /** The last message published under this key, if it is still stored. */
  latest<T>(event: EventType<T>, key: string | string[]): Promise<Delivery<T> | undefined>

  /**
   * Handler resolves: acknowledged. Retryable: again after `afterMs`, or 1 s, 2 s, 4 s ... 60 s. Terminal: to the dead
   * letter with the reason. Cancelled: given back at once.
   */
  consume<T>(
    event: EventType<T>,
    options: ConsumeOptions,
    handler: (delivery: Delivery<T>) => Promise<void>,
  ): Promise<Subscription>
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- see AnyEvent
  consume<T = any>(
    events: readonly AnyEvent[],
    options: ConsumeOptions,
    handler: (delivery: Delivery<T>) => Promise<void>,
  ): Promise<Subscription>
  /**
   * Batches in stream order, one at a time, all acknowledged when the handler resolves. A failing batch is tried again
   * before anything later; a Terminal one message by message, so that only those at fault go to the dead letter.
   */
  consumeBatches<T>(
    event: EventType<T>,
    options: BatchOptions,
    handler: (batch: Delivery<T>[]) => Promise<void>,
  ): Promise<Subscription>

  /** Rethrows the responder's failure. Retryable NO_RESPONDERS, DEADLINE_EXCEEDED, BROKER_UNAVAILABLE; Terminal FORBIDDEN. */
  request(subject: string, data: Uint8Array, options: RequestOptions): Promise<Uint8Array>
  respond(
    subject: string,
    options: RespondOptions,
    handler: (data: Uint8Array, headers: Headers, subject: string) => Promise<Uint8Array>,
  ): Promise<Subscription>

  /** At most once, to whoever listens now. */
  signal(subject: string, data: Uint8Array): void
  listen(subject: string, handler: (data: Uint8Array, subject: string) => void | Promise<void>): Subscription

  /** Stops every subscription, then the connection. */
  drain(): Promise<void>
}
