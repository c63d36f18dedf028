import { context, defaultTextMapGetter, ROOT_CONTEXT, type Context } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'

/** Headers of NATS, HTTP or gRPC: whatever has `set`. */
export interface HeaderSink {
  set(key: string, value: string): void
}

export interface HeaderSource {
  get(key: string): string | null | undefined
}

const w3c = new W3CTraceContextPropagator()

/** Writes `traceparent` and `tracestate` of `from` (default: the active context). Nothing when there is no span. */
export function injectTrace(headers: HeaderSink, from: Context = context.active()): void {
  w3c.inject(from, headers, { set: (carrier, key, value) => carrier.set(key, value) })
}

/** The context that the headers carry; the root context when they carry none or a malformed one. */
export function extractTrace(headers: HeaderSource): Context {
  const carried: Record<string, string> = {}
  for (const key of w3c.fields()) {
    const value = headers.get(key)
    if (value) carried[key] = value
  }
  return w3c.extract(ROOT_CONTEXT, carried, defaultTextMapGetter)
}
