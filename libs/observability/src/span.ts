import {
  context,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanKind,
  type Tracer,
} from '@opentelemetry/api'
import { attributes } from './attributes.ts'

export interface SpanOptions {
  kind?: SpanKind
  attributes?: Attributes
  links?: Link[]
  /** Default: the active context. */
  parent?: Context
}

/**
 * Runs `fn` inside a span that ends with it. What `fn` throws marks the span (`error.type` is the failure's code) and is
 * thrown on. Messages of classified failures stay out: they may quote what a person wrote.
 */
export async function inSpan<T>(
  telemetry: { tracer: Tracer },
  name: string,
  options: SpanOptions,
  fn: (span: Span) => Promise<T>,
): Promise<T> {
  const parent = options.parent ?? context.active()
  const span = telemetry.tracer.startSpan(
    name,
    { kind: options.kind, attributes: options.attributes, links: options.links },
    parent,
  )
  try {
    return await context.with(trace.setSpan(parent, span), () => fn(span))
  } catch (thrown) {
    markFailed(span, thrown)
    throw thrown
  } finally {
    span.end()
  }
}

export function markFailed(span: Span, thrown: unknown): void {
  const { kind, code } = (thrown ?? {}) as { kind?: unknown; code?: unknown }
  const classified = typeof kind === 'string' && typeof code === 'string'
  const type = classified ? code : Error.isError(thrown) ? thrown.name : 'INTERNAL'
  span.setAttribute(attributes.errorType, type)
  if (kind === 'cancelled') return
  if (!classified && Error.isError(thrown)) span.recordException(thrown)
  span.setStatus({ code: SpanStatusCode.ERROR, message: type })
}
