import { trace } from '@opentelemetry/api'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export type Fields = Record<string, unknown>

/** One JSON object a line. Fields carry ids, codes and numbers, never personal data. */
export interface Logger {
  debug(message: string, fields?: Fields): void
  info(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  error(message: string, fields?: Fields): void
  child(fields: Fields): Logger
}

export interface LoggerOptions {
  level: LogLevel
  write: (line: string) => void
  fields: Fields
}

const severity: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 }

/** Lines written inside a span carry its trace and span id. */
export function createLogger({ level, write, fields }: LoggerOptions): Logger {
  const log = (at: LogLevel) => (message: string, more?: Fields) => {
    if (severity[at] < severity[level]) return
    write(
      JSON.stringify(
        { time: new Date().toISOString(), level: at, message, ...fields, ...more, ...activeTrace() },
        readable,
      ),
    )
  }
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    child: (more) => createLogger({ level, write, fields: { ...fields, ...more } }),
  }
}

function activeTrace(): Fields {
  const context = trace.getActiveSpan()?.spanContext()
  return context === undefined ? {} : { trace_id: context.traceId, span_id: context.spanId }
}

/** What JSON cannot hold or would hide: an error's own fields, big integers, maps. */
function readable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Map) return Object.fromEntries(value)
  if (Error.isError(value)) return describeError(value)
  return value
}

function describeError(error: Error): Fields {
  const { code, kind, hint } = error as Error & { code?: unknown; kind?: unknown; hint?: unknown }
  // A classified failure says all there is to say; of anything else we want to know where it came from.
  const stack = kind === undefined ? error.stack : undefined
  return { name: error.name, message: error.message, code, kind, hint, stack, cause: error.cause }
}
