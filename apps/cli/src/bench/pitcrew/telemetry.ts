import { createTelemetry, type Telemetry } from '@pitcrew/observability'

/** As a service has it without a collector; what it warns of goes to standard error. */
export const benchTelemetry = (service: string): Telemetry =>
  createTelemetry({
    service,
    instance: String(process.pid),
    logLevel: 'warn',
    write: (line) => void process.stderr.write(line.endsWith('\n') ? line : `${line}\n`),
  })
