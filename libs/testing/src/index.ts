import type { ServiceName } from '@pitcrew/contracts'
import type { Messaging } from '@pitcrew/messaging'
import type { Telemetry } from '@pitcrew/observability'

export interface TestBroker {
  readonly url: string
  stop(): Promise<void>
}
export interface TestDatabase {
  readonly url: string
  stop(): Promise<void>
}
export interface ManualClock {
  now(): number
  /** Moves time, firing due timers in order, each with its promises settled before the next. */
  advance(ms: number): Promise<void>
  /** Like setTimeout, on this clock; the result cancels it. */
  after(ms: number, fn: () => void | Promise<void>): () => void
  sleep(ms: number): Promise<void>
}
export type LogLine = { level: string; message: string } & Record<string, unknown>
export interface TestTelemetry extends Telemetry {
  readonly lines: readonly LogLine[]
}
export declare function testBroker(): Promise<TestBroker>
export declare function testDatabase(): Promise<TestDatabase>
export declare function testMessaging(broker: TestBroker, service: ServiceName): Promise<Messaging>
export declare function testTelemetry(service?: string): TestTelemetry
export declare function eventually<T>(assertion: () => T | Promise<T>, options?: { timeoutMs?: number }): Promise<T>
export declare function manualClock(startMs?: number): ManualClock
