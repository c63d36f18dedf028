import { createTelemetry, type Telemetry, type TelemetryOptions } from '@pitcrew/observability'

export type LogLine = { level: string; message: string } & Record<string, unknown>

type SpanProcessor = NonNullable<TelemetryOptions['spanProcessors']>[number]
type FinishedSpan = Parameters<SpanProcessor['onEnd']>[0]

/** A real Telemetry that writes nothing anywhere and keeps what it was given. */
export interface TestTelemetry extends Telemetry {
  readonly lines: readonly LogLine[]
  /** Ended ones, in the order of their ends. */
  readonly spans: readonly FinishedSpan[]
}

export function testTelemetry(service = 'test'): TestTelemetry {
  const lines: LogLine[] = []
  const spans: FinishedSpan[] = []
  const keep: SpanProcessor = {
    onStart: () => {},
    onEnd: (span) => void spans.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const telemetry = createTelemetry({
    service,
    instance: 'test',
    logLevel: 'debug',
    write: (line) => void lines.push(JSON.parse(line) as LogLine),
    spanProcessors: [keep],
  })
  return { ...telemetry, lines, spans }
}
