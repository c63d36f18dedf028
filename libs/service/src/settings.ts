/** The settings that every service has, read from the environment. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { services, type ServiceName } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { LogLevel } from '@pitcrew/observability'
import type { Tls } from '@pitcrew/rpc'
import { z } from 'zod'
import { parseConfig, type Env } from './parse-config.ts'
import { defaultPorts, envPrefix } from './ports.ts'

export interface Settings {
  instance: string
  bind: string
  natsUrl: string
  nkeySeed: string | undefined
  databaseUrl: string | undefined
  otlpEndpoint: string | undefined
  logLevel: LogLevel
  grpcPort: number
  opsPort: number
  httpPort: number
  startWithinMs: number
  tls: Tls | undefined
  addressOf(service: ServiceName): string
}

export function readSettings(service: ServiceName, env: Env): Settings {
  const prefix = envPrefix(service)
  const given: Record<string, unknown> = parseConfig(settingsSchema(service), env)
  const text = (key: string) => given[key] as string | undefined
  const number = (key: string) => given[key] as number
  return {
    instance: text('PITCREW_INSTANCE') ?? newInstance(),
    bind: text('PITCREW_BIND')!,
    natsUrl: text('NATS_URL')!,
    nkeySeed: secret(text, `NATS_NKEY_SEED_${prefix}`) ?? secret(text, 'NATS_NKEY_SEED'),
    databaseUrl: text('DATABASE_URL'),
    otlpEndpoint: text('OTEL_EXPORTER_OTLP_ENDPOINT'),
    logLevel: text('LOG_LEVEL') as LogLevel,
    grpcPort: number(`${prefix}_GRPC_PORT`),
    opsPort: number(`${prefix}_OPS_PORT`),
    httpPort: number(`${prefix}_HTTP_PORT`),
    startWithinMs: number('PITCREW_START_WITHIN_MS'),
    tls: readTls(text),
    addressOf: (other) => text(`${envPrefix(other)}_ADDR`)!,
  }
}

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback)

export function settingsSchema(service: ServiceName) {
  const prefix = envPrefix(service)
  const own = defaultPorts[service]
  const addresses = services.map((other) => [
    `${envPrefix(other)}_ADDR`,
    z.string().default(`127.0.0.1:${defaultPorts[other].grpc}`).describe(`Where ${other} answers gRPC, host:port`),
  ])
  return z.object({
    NATS_URL: z.string().default('nats://127.0.0.1:4222').describe('The NATS servers, separated by commas'),
    [`NATS_NKEY_SEED_${prefix}`]: z.string().optional().describe('Identity on the broker; none: without credentials'),
    [`NATS_NKEY_SEED_${prefix}_FILE`]: z.string().optional().describe('A file that holds it'),
    NATS_NKEY_SEED: z.string().optional().describe('The same, when the process has one service'),
    NATS_NKEY_SEED_FILE: z.string().optional().describe('A file that holds it'),
    DATABASE_URL: z.string().optional().describe('postgres://user:password@host:port/name or pglite:<directory>'),
    OTEL_EXPORTER_OTLP_ENDPOINT: z
      .string()
      .optional()
      .describe('Base URL of an OTLP/HTTP collector; none: no traces leave'),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('The least that is logged'),
    PITCREW_BIND: z.string().default('127.0.0.1').describe('The address that all servers of the process listen on'),
    PITCREW_INSTANCE: z.string().optional().describe('Name of this instance; default: host and a random part'),
    PITCREW_START_WITHIN_MS: z.coerce.number().default(60_000).describe('How long to wait for broker and database, ms'),
    PITCREW_TLS_CA: z.string().optional().describe('gRPC with TLS: file of the CA that signed all services, PEM'),
    PITCREW_TLS_CERT: z.string().optional().describe('File of the certificate of this service, PEM'),
    PITCREW_TLS_KEY: z.string().optional().describe('File of its key, PEM'),
    [`${prefix}_GRPC_PORT`]: port(own.grpc).describe('gRPC; 0: any free port'),
    [`${prefix}_OPS_PORT`]: port(own.ops).describe('/healthz, /readyz and /metrics; 0: any free port'),
    [`${prefix}_HTTP_PORT`]: port(own.http ?? 0).describe('HTTP, for services that have it; 0: any free port'),
    ...Object.fromEntries(addresses),
  })
}

/** A container has the same host name and process number after a restart, and must not be taken for the one before. */
function newInstance(): string {
  return `${hostname()}-${randomBytes(3).toString('hex')}`
}

type Text = (key: string) => string | undefined

function secret(text: Text, key: string): string | undefined {
  const file = text(`${key}_FILE`)
  return text(key) ?? (file === undefined ? undefined : readSetting(`${key}_FILE`, file).toString().trim())
}

function readTls(text: Text): Tls | undefined {
  const keys = ['PITCREW_TLS_CA', 'PITCREW_TLS_CERT', 'PITCREW_TLS_KEY'] as const
  if (keys.every((key) => text(key) === undefined)) return undefined
  const [ca, cert, key] = keys.map((name) => readSetting(name, text(name)))
  return { ca: ca!, cert: cert!, key: key! }
}

function readSetting(key: string, file: string | undefined): Buffer {
  const hint = `give ${key} a file that this process may read`
  if (file === undefined) throw new Terminal('BAD_CONFIG', `${key}: found nothing, expected a file`, { hint })
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new Terminal('BAD_CONFIG', `${key}: found '${file}', which cannot be read, expected a file`, { hint, cause })
  }
}
