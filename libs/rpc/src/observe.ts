/**
 * A SERVER span, a duration and a place among the calls in flight for every call, around whatever handler there is. The caller's
 * trace context is the span's parent.
 */
import { status, type Metadata, type MethodDefinition, type UntypedHandleCall } from '@grpc/grpc-js'
import { context, SpanKind, SpanStatusCode, trace, type Histogram, type Span } from '@opentelemetry/api'
import { extractTrace, type Telemetry } from '@pitcrew/observability'
import { serverCall } from './call.ts'
import { partsOf } from './service.ts'

export interface Observer {
  wrap(method: MethodDefinition<unknown, unknown>, handler: UntypedHandleCall): UntypedHandleCall
  /** Resolves as soon as no call is in flight. */
  idle(): Promise<void>
}

type Outcome = { code?: number; cause?: unknown }
// Handlers of the four kinds differ in their arguments only, and all of them are wrapped the same way.
type AnyHandler = (call: AnyCall, callback: (error: Outcome | null, ...rest: unknown[]) => void) => void
type AnyCall = Parameters<typeof serverCall>[0] & {
  on(event: 'error' | 'finish' | 'close', listener: (error: Outcome) => void): unknown
}

export function observer(telemetry: Telemetry, draining: AbortSignal): Observer {
  const durations = telemetry.meter.createHistogram('rpc.server.duration', { unit: 'ms' })
  let inFlight = 0
  const waiting: (() => void)[] = []

  const enter = () => {
    inFlight++
    return () => {
      if (--inFlight === 0) for (const resolve of waiting.splice(0)) resolve()
    }
  }
  return {
    wrap(method, handler) {
      const inner = handler as unknown as AnyHandler
      return ((call: AnyCall, callback) => {
        const leave = enter()
        const observation = begin(telemetry, method.path, call.metadata, durations)
        const finish = once((outcome: Outcome) => {
          observation.end(outcome)
          leave()
        })
        const { signal } = serverCall(call, draining)
        signal.addEventListener('abort', () => finish({ code: codeOfAbort(signal.reason) }))
        if (method.responseStream) {
          call.on('error', finish)
          call.on('finish', () => finish({ code: status.OK }))
        }
        context.with(observation.context, () =>
          inner(call, (error, ...rest) => {
            callback(error, ...rest)
            finish(error ?? { code: status.OK })
          }),
        )
      }) as AnyHandler as unknown as UntypedHandleCall
    },
    idle: () => (inFlight === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}

function begin(telemetry: Telemetry, path: string, metadata: Metadata, durations: Histogram) {
  const { service, method } = partsOf(path)
  const labels = { 'rpc.service': service, 'rpc.method': method }
  const parent = extractTrace({ get: (key) => metadata.get(key)[0]?.toString() })
  const attributes = { 'rpc.system': 'grpc', ...labels }
  const span = telemetry.tracer.startSpan(path.slice(1), { kind: SpanKind.SERVER, attributes }, parent)
  const began = performance.now()
  return {
    context: trace.setSpan(parent, span),
    end({ code = status.UNKNOWN, cause }: Outcome) {
      closeSpan(span, code, cause)
      durations.record(performance.now() - began, { ...labels, 'rpc.grpc.status_code': code })
      if (code === status.INTERNAL || code === status.UNKNOWN)
        telemetry.logger.error('call failed', { rpc: path, error: cause })
    },
  }
}

/** As the conventions of OpenTelemetry have it, only what is the server's own fault is an error of its span. */
const serversFault: ReadonlySet<number> = new Set([
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.UNIMPLEMENTED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.DATA_LOSS,
])

function closeSpan(span: Span, code: number, cause: unknown): void {
  const type = (cause as { code?: string } | undefined)?.code ?? status[code]
  span.setAttribute('rpc.grpc.status_code', code)
  if (code !== status.OK && type !== undefined) span.setAttribute('error.type', type)
  if (serversFault.has(code)) span.setStatus({ code: SpanStatusCode.ERROR, message: type })
  span.end()
}

function codeOfAbort(reason: { code?: string }): number {
  return reason.code === 'DEADLINE_EXCEEDED' ? status.DEADLINE_EXCEEDED : status.CANCELLED
}

function once<T>(fn: (value: T) => void): (value: T) => void {
  let called = false
  return (value) => {
    if (called) return
    called = true
    fn(value)
  }
}
