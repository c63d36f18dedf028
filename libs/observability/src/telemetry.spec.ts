import { createServer } from 'node:http'
import { afterEach, describe, expect, test } from '@jest/globals'
import { trace, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace'
import { createTelemetry, extractTrace, injectTrace, inSpan, type Telemetry } from './index.ts'

const opened: Telemetry[] = []

function observed(service = 'scheduling', more: { otlpEndpoint?: string; logLevel?: 'debug' | 'info' } = {}) {
  const exporter = new InMemorySpanExporter()
  const lines: string[] = []
  const telemetry = createTelemetry({
    service,
    instance: 'i1',
    write: (line) => lines.push(line),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
    ...more,
  })
  opened.push(telemetry)
  return { telemetry, spans: () => exporter.getFinishedSpans(), lines: () => lines.map((line) => JSON.parse(line)) }
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((telemetry) => telemetry.shutdown()))
})

describe('spans', () => {
  test('nest across awaits and carry the service that made them', async () => {
    const { telemetry, spans } = observed()
    await inSpan(telemetry, 'outer', { kind: SpanKind.CONSUMER, attributes: { a: 1 } }, async () => {
      await Promise.resolve()
      await inSpan(telemetry, 'inner', {}, async () => undefined)
    })
    const [inner, outer] = spans()
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId)
    expect(outer).toMatchObject({ kind: SpanKind.CONSUMER, attributes: { a: 1 } })
    expect(outer?.resource.attributes).toMatchObject({ 'service.name': 'scheduling', 'service.instance.id': 'i1' })
  })

  test('of two services in one process stay apart but share one trace', async () => {
    const a = observed('scheduling')
    const b = observed('orchestrator')
    await inSpan(a.telemetry, 'a', {}, () => inSpan(b.telemetry, 'b', {}, async () => undefined))
    expect(a.spans().map((span) => span.name)).toEqual(['a'])
    expect(b.spans()[0]?.spanContext().traceId).toBe(a.spans()[0]?.spanContext().traceId)
  })

  test('are marked with the code of a failure, never with its message', async () => {
    const { telemetry, spans } = observed()
    const failure = Object.assign(new Error('Jane said no'), { kind: 'terminal', code: 'SLOT_TAKEN' })
    await expect(inSpan(telemetry, 'hold', {}, () => Promise.reject(failure))).rejects.toBe(failure)
    expect(spans()[0]?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'SLOT_TAKEN' })
    expect(spans()[0]?.attributes['error.type']).toBe('SLOT_TAKEN')
    expect(JSON.stringify(spans()[0]?.events)).not.toContain('Jane')
  })

  test('that were cancelled are no errors', async () => {
    const { telemetry, spans } = observed()
    const stop = Object.assign(new Error('stop'), { kind: 'cancelled', code: 'ABORTED' })
    await expect(inSpan(telemetry, 'work', {}, () => Promise.reject(stop))).rejects.toBe(stop)
    expect(spans()[0]?.status.code).toBe(SpanStatusCode.UNSET)
  })
})

describe('trace context', () => {
  test('survives headers, and a malformed one starts anew', async () => {
    const { telemetry } = observed()
    const headers = new Map<string, string>()
    const sent = await inSpan(telemetry, 'send', {}, async (span) => {
      injectTrace(headers)
      return span.spanContext()
    })
    expect(trace.getSpanContext(extractTrace(headers))).toMatchObject({
      traceId: sent.traceId,
      spanId: sent.spanId,
      isRemote: true,
    })
    expect(trace.getSpanContext(extractTrace(new Map([['traceparent', '00-nonsense']])))).toBeUndefined()
  })
})

describe('the logger', () => {
  test('writes JSON lines with the fields of its parents and the active trace', async () => {
    const { telemetry, lines } = observed()
    await inSpan(telemetry, 'work', {}, async (span) => {
      telemetry.logger.child({ case_id: 'c1' }).info('held', { slots: 2 })
      expect(lines()[0]).toMatchObject({
        level: 'info',
        message: 'held',
        service: 'scheduling',
        case_id: 'c1',
        slots: 2,
        trace_id: span.spanContext().traceId,
      })
    })
  })

  test('leaves out what is below its level and spells errors out', () => {
    const { telemetry, lines } = observed()
    telemetry.logger.debug('detail')
    telemetry.logger.error('broken', { error: new TypeError('odd', { cause: new Error('deeper') }), size: 3n })
    expect(lines()).toHaveLength(1)
    expect(lines()[0]).toMatchObject({
      size: '3',
      error: { name: 'TypeError', message: 'odd', cause: { message: 'deeper' } },
    })
  })
})

describe('metrics', () => {
  test('are given as Prometheus text', async () => {
    const { telemetry } = observed()
    telemetry.meter.createCounter('pitcrew.tasks').add(3, { outcome: 'success' })
    expect(await telemetry.metricsText()).toMatch(/pitcrew_tasks_total\{[^}]*outcome="success"[^}]*\} 3/)
  })

  test('of durations tell milliseconds from seconds', async () => {
    const { telemetry } = observed()
    telemetry.meter.createHistogram('pitcrew.task.duration', { unit: 's' }).record(0.03)
    const text = await telemetry.metricsText()
    expect(text).toMatch(/pitcrew_task_duration_bucket\{[^}]*le="0.025"[^}]*\} 0/)
    expect(text).toMatch(/pitcrew_task_duration_bucket\{[^}]*le="0.05"[^}]*\} 1/)
  })
})

describe('an OTLP endpoint', () => {
  test('receives the spans', async () => {
    const received = Promise.withResolvers<string | undefined>()
    const server = createServer((request, response) => {
      received.resolve(request.url)
      response.end('{}')
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as { port: number }
    const { telemetry } = observed('scheduling', { otlpEndpoint: `http://127.0.0.1:${port}` })
    await inSpan(telemetry, 'work', {}, async () => undefined)
    await telemetry.shutdown()
    expect(await received.promise).toBe('/v1/traces')
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })

  test('that is down neither fails nor delays a service for long', async () => {
    const { telemetry } = observed('scheduling', { otlpEndpoint: 'http://127.0.0.1:1' })
    await expect(inSpan(telemetry, 'work', {}, async () => 42)).resolves.toBe(42)
    const before = performance.now()
    await telemetry.shutdown()
    expect(performance.now() - before).toBeLessThan(5_000)
  })
})
