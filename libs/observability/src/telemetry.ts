/**
 * Owns: the tracer and meter of one service. Several services live in one process, so each has providers of its own; only
 * the context manager, which carries the active span across `await`, is the process's.
 */
import { context, type Meter, type Tracer } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { AggregationType, InstrumentType, MeterProvider, type ViewOptions } from '@opentelemetry/sdk-metrics'
import { AlwaysOffSampler, BatchSpanProcessor, TracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace'
import { attributes } from './attributes.ts'
import { createLogger, type Logger, type LogLevel } from './logger.ts'

export interface TelemetryOptions {
  service: string
  instance: string
  /** Base URL of an OTLP/HTTP collector, "http://127.0.0.1:4318". Without it nothing is exported. */
  otlpEndpoint?: string
  logLevel?: LogLevel
  /** Where log lines go; default standard output. */
  write?: (line: string) => void
  /** More receivers of ended spans, such as a test's memory. */
  spanProcessors?: SpanProcessor[]
}

export interface Telemetry {
  readonly service: string
  readonly instance: string
  readonly logger: Logger
  readonly tracer: Tracer
  readonly meter: Meter
  /** Every metric in Prometheus' text format. */
  metricsText(): Promise<string>
  /** Sends what is pending, for three seconds at most: a collector that is down must not hold up a stop. */
  shutdown(): Promise<void>
}

const shutdownLimitMs = 3_000

/** The library's own buckets are for milliseconds: of a histogram in seconds they would tell 5 s from 10 s and nothing below. */
const secondsView: ViewOptions = {
  instrumentType: InstrumentType.HISTOGRAM,
  instrumentUnit: 's',
  aggregation: {
    type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
    options: { boundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] },
  },
}

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { service, instance, otlpEndpoint, logLevel = 'info', spanProcessors = [] } = options
  const write = options.write ?? ((line: string) => void process.stdout.write(`${line}\n`))
  // False when another service of this process was first: it is the same manager, so that is as good.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())

  const resource = resourceFromAttributes({ [attributes.serviceName]: service, [attributes.serviceInstance]: instance })
  const processors = [...(otlpEndpoint ? [otlpProcessor(otlpEndpoint)] : []), ...spanProcessors]
  // Spans that nobody receives still carry their ids on, but record nothing.
  const sampler = processors.length === 0 ? { sampler: new AlwaysOffSampler() } : {}
  const traces = new TracerProvider({ resource, spanProcessors: processors, ...sampler })
  const reader = new PrometheusExporter({ preventServerStart: true })
  const metrics = new MeterProvider({ resource, readers: [reader], views: [secondsView] })
  const serializer = new PrometheusSerializer()
  const logger = createLogger({ level: logLevel, write, fields: { service, instance } })

  return {
    service,
    instance,
    logger,
    tracer: traces.getTracer('pitcrew'),
    meter: metrics.getMeter('pitcrew'),
    metricsText: async () => serializer.serialize((await reader.collect()).resourceMetrics),
    shutdown: () => withinLimit(Promise.all([traces.shutdown(), metrics.shutdown()]), logger),
  }
}

function otlpProcessor(endpoint: string): SpanProcessor {
  const url = new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`)
  return new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: url.href, timeoutMillis: shutdownLimitMs }) })
}

async function withinLimit(work: Promise<unknown>, logger: Logger): Promise<void> {
  const limit = Promise.withResolvers<void>()
  const timer = setTimeout(() => limit.resolve(), shutdownLimitMs)
  try {
    await Promise.race([work, limit.promise])
  } catch (error) {
    logger.warn('telemetry was not fully sent', { error })
  } finally {
    clearTimeout(timer)
  }
}
