import type { Context } from '@opentelemetry/api'
import type { NatsConnection, MsgHdrs } from '@nats-io/transport-node'
import type { EventType, ServiceName } from '@pitcrew/contracts'
import type { Telemetry } from '@pitcrew/observability'
export interface ConnectOptions {
  url: string
  service: ServiceName | (string & {})
  instance: string
  telemetry: Telemetry
  nkeySeed?: string
  user?: string
  password?: string
  maxReconnectMs?: number
}
export interface PublishAck { sequence: number; duplicate: boolean }
export interface Publication<T> { key: string | string[]; message: T; id?: string }
export interface Delivery<T> {
  message: T
  type: EventType<T>
  key: string
  id: string
  sequence: number
  deliveries: number
  time: string
  headers: ReadonlyHeaders
  context: Context
}
export interface ReadonlyHeaders { get(name: string): string | undefined; keys(): string[] }
export interface Subscription { stop(): Promise<void> }
export interface ConsumeOptions { durable: string; key?: string; concurrency?: number; ackWaitMs?: number; maxDeliver?: number }
export interface BatchOptions { durable: string; key?: string; maxMessages: number; maxWaitMs: number }
export interface Messaging {
  readonly connection: NatsConnection
  readonly service: string
  readonly instance: string
  readonly telemetry: Telemetry
  publish<T>(event: EventType<T>, key: string | string[], message: T, options?: { id?: string }): Promise<PublishAck>
  publishMany<T>(event: EventType<T>, items: readonly Publication<T>[]): Promise<PublishAck[]>
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  consume<T = any>(event: EventType<T> | readonly EventType<any>[], options: ConsumeOptions, handler: (delivery: Delivery<T>) => Promise<void>): Promise<Subscription>
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  consumeBatches<T = any>(event: EventType<T> | readonly EventType<any>[], options: BatchOptions, handler: (batch: Delivery<T>[]) => Promise<void>): Promise<Subscription>
  request(subject: string, data: Uint8Array, options: { timeoutMs: number }): Promise<Uint8Array>
  respond(subject: string, options: { queue?: string }, handler: (data: Uint8Array, headers: ReadonlyHeaders) => Promise<Uint8Array>): Promise<Subscription>
  signal(subject: string, data: Uint8Array): void
  listen(subject: string, handler: (data: Uint8Array, subject: string) => void | Promise<void>): Subscription
  drain(): Promise<void>
}
export declare function connectMessaging(options: ConnectOptions): Promise<Messaging>
export declare function provisionStreams(connection: NatsConnection, options: { replicas: number; fileStorage: boolean }): Promise<void>
export interface HoldOptions {
  messaging: Messaging
  group: string
  partitions: number
  instance: string
  onAcquire(partition: number, epoch: number): Promise<{ release(): Promise<void> }>
  renewMs?: number
  expiryMs?: number
}
export interface Holding { held(): number[]; stop(): Promise<void> }
export declare function holdPartitions(options: HoldOptions): Promise<Holding>
export declare function permissionsFor(service: ServiceName): { publish: string[]; subscribe: string[] }
export interface DeadLetter { sequence: number; subject: string; code: string; message: string; at: string; service: string; replayed: boolean }
export interface DeadLetters { list(options?: { limit?: number }): Promise<DeadLetter[]>; replay(sequence: number): Promise<PublishAck> }
export declare function deadLetters(messaging: Messaging): DeadLetters
export type { MsgHdrs }
