/**
 * Which files each container is given, and nothing else: a service has its own credentials, the broker and the database
 * know of everybody only what checks them.
 */
import { createHash } from 'node:crypto'
import type { Identity, Issuer } from '@pitcrew/broker'
import { services, type ServiceName } from '@pitcrew/contracts'
import { brokerNames, brokerUsersConfig, type BrokerName } from './broker-users.ts'
import { databaseRolesSql, keepers, roleOf, type Keeper } from './database-roles.ts'
import type { Secrets } from './secrets.ts'

export const secretNames = [
  'database-admin',
  ...keepers.map((name) => `database-${name}` as const),
  'engagement-master-key',
  'api-key-operator',
  'api-key-simulator',
] as const

export interface Credentials {
  identities: Record<BrokerName, Identity>
  /** By whose signature the broker knows whom ingest lets in. */
  issuer: Issuer
  secrets: Secrets<(typeof secretNames)[number]>
  /** Without user and password: `postgres://postgres:5432/pitcrew`. */
  databaseUrl: string
}

/** File contents by the container that gets them and the name of the file. */
export type Bundles = Record<string, Record<string, string>>

export const bundleNames = ['nats', 'postgres', 'operator', 'simulator', ...brokerNames] as const

export function bundlesOf(credentials: Credentials): Record<(typeof bundleNames)[number], Record<string, string>> {
  const { identities, issuer, secrets, databaseUrl } = credentials
  const roles = { 'roles.sql': rolesOf(credentials) }
  const admin = {
    NATS_NKEY_SEED: identities.provisioner.seed,
    DATABASE_URL: withUser(databaseUrl, 'postgres', secrets['database-admin']),
  }
  return {
    nats: { 'users.conf': brokerUsersConfig(identities, issuer) },
    postgres: roles,
    provisioner: { 'service.env': envFile(admin), ...roles },
    operator: { 'api-key': `${secrets['api-key-operator']}\n` },
    simulator: { 'service.env': envFile({ GATEWAY_TOKEN: secrets['api-key-simulator'] }) },
    ...(Object.fromEntries(services.map((name) => [name, serviceBundle(name, credentials)])) as Record<
      ServiceName,
      Record<string, string>
    >),
  }
}

function serviceBundle(name: ServiceName, credentials: Credentials): Record<string, string> {
  const { identities, issuer, secrets, databaseUrl } = credentials
  const seed = {
    NATS_NKEY_SEED: identities[name].seed,
    ...(name === 'telematics-ingest' ? { DEVICE_ISSUER_SEED: issuer.seed } : {}),
  }
  if (name === 'gateway') return { 'service.env': envFile(seed), 'api-keys.json': apiKeys(secrets) }
  const url = withUser(databaseUrl, roleOf(name), secrets[`database-${name}`])
  const env = { 'service.env': envFile({ ...seed, DATABASE_URL: url }) }
  if (name !== 'customer-engagement') return env
  return { ...env, 'engagement-master.key': `${secrets['engagement-master-key']}\n` }
}

/** What the gateway knows of its callers' keys is their digests. */
function apiKeys(secrets: Credentials['secrets']): string {
  const key = (subject: string, role: string, secret: string) => ({
    subject,
    role,
    sha256: createHash('sha256').update(secret).digest('hex'),
  })
  const keys = [
    key('operator', 'admin', secrets['api-key-operator']),
    key('simulator', 'operator', secrets['api-key-simulator']),
  ]
  return `${JSON.stringify(keys, null, 2)}\n`
}

function rolesOf({ secrets, databaseUrl }: Credentials): string {
  const passwords = Object.fromEntries(keepers.map((name) => [name, secrets[`database-${name}`]])) as Record<
    Keeper,
    string
  >
  const database = decodeURIComponent(new URL(databaseUrl).pathname.slice(1))
  return databaseRolesSql({ database, adminPassword: secrets['database-admin'], passwords })
}

function withUser(databaseUrl: string, user: string, password: string): string {
  const url = new URL(databaseUrl)
  url.username = user
  url.password = password
  return url.href
}

const envFile = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
