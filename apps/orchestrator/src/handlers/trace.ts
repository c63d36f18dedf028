import { trace, type Link } from '@opentelemetry/api'
import { extractTrace, injectTrace } from '@pitcrew/observability'

/** W3C traceparent of the active span, or undefined outside of any. */
export function traceparent(): string | undefined {
  let value: string | undefined
  injectTrace({ set: (key, text) => (value = key === 'traceparent' ? text : value) })
  return value
}

/** A link to the span that a stored traceparent names. */
export function linkTo(stored: string): Link[] {
  const context = trace.getSpanContext(extractTrace({ get: (key) => (key === 'traceparent' ? stored : undefined) }))
  return context ? [{ context }] : []
}
