import type { ServiceName } from '@pitcrew/contracts'
import { scramVerifier } from './scram.ts'

/** The schema of each service that keeps something. It owns that one and reaches no other. */
export const schemas = {
  'telematics-ingest': 'ingest',
  'data-analysis': 'analysis',
  orchestrator: 'orchestrator',
  'customer-engagement': 'engagement',
  scheduling: 'scheduling',
  'manufacturing-insights': 'manufacturing',
  ueba: 'ueba',
} as const satisfies Record<Exclude<ServiceName, 'gateway'>, string>

export type Keeper = keyof typeof schemas

export const keepers = Object.keys(schemas) as Keeper[]

export const roleOf = (service: Keeper): string => service.replaceAll('-', '_')

export interface DatabaseRoles {
  database: string
  /** The superuser's. It may come over the network only with this. */
  adminPassword: string
  passwords: Record<Keeper, string>
}

/** SQL for a superuser. It holds verifiers, no passwords, and can be run again: what is there is brought up to date. */
export function databaseRolesSql({ database, adminPassword, passwords }: DatabaseRoles): string {
  const statements = [
    `alter role postgres password '${scramVerifier('postgres', adminPassword)}'`,
    // Extensions are for superusers to make; services find them there.
    'create extension if not exists btree_gist with schema public',
    'revoke create on schema public from public',
    `revoke all on database ${quoted(database)} from public`,
    ...keepers.flatMap((service) => roleStatements(database, service, passwords[service])),
  ]
  return `-- Written by tools/provisioning: a role and a schema for each service.\n${statements.map((one) => `${one};\n`).join('')}`
}

function roleStatements(database: string, service: Keeper, password: string): string[] {
  const role = roleOf(service)
  const schema = schemas[service]
  return [
    `do $$ begin if not exists (select from pg_roles where rolname = '${role}') then create role ${role}; end if; end $$`,
    `alter role ${role} login nosuperuser nocreatedb nocreaterole noreplication password '${scramVerifier(role, password)}'`,
    `grant connect on database ${quoted(database)} to ${role}`,
    `create schema if not exists ${schema} authorization ${role}`,
  ]
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
