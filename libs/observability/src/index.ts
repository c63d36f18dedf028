import type { Context, Span, Tracer, Meter, Attributes, Link, SpanKind } from '@opentelemetry/api'
import type { SpanProcessor } from '@opentelemetry/sdk-trace'
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
  child(fields: Record<string, unknown>): Logger
}
export interface TelemetryOptions {
  service: string
  instance: string
  otlpEndpoint?: string
  logLevel?: LogLevel
  write?: (line: string) => void
  spanProcessors?: SpanProcessor[]
}
export interface Telemetry {
  readonly service: string
  readonly instance: string
  readonly logger: Logger
  readonly tracer: Tracer
  readonly meter: Meter
  metricsText(): Promise<string>
  shutdown(): Promise<void>
}
export interface SpanOptions {
  kind?: SpanKind
  attributes?: Attributes
  links?: Link[]
  parent?: Context
}
export declare function createTelemetry(options: TelemetryOptions): Telemetry
export declare function inSpan<T>(telemetry: Pick<Telemetry, 'tracer'>, name: string, options: SpanOptions, fn: (span: Span) => Promise<T>): Promise<T>
export declare function injectTrace(headers: { set(key: string, value: string): void }, from?: Context): void
export declare function extractTrace(headers: { get(key: string): string | undefined | null }): Context
export declare const attributes: Record<string, string>
