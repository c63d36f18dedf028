/**
 * Brings a schema to the state that its service was written for.
 *
 * 1. What was applied is recorded with a checksum and never applied again; all of a call is applied, or nothing.
 * 2. A released migration that was changed, renamed or preceded by a new one is refused: databases in the field have run
 *    the old one. Migrations at the end that this version does not know are from a newer one and are left alone.
 * 3. One at a time in a database, whichever schema it is for: creating schemas and extensions is not safe otherwise.
 */
import { createHash } from 'node:crypto'
import { Terminal } from '@pitcrew/errors'
import type { Database, Migration, SchemaMigrations, Sql } from './port.ts'

/** Of pg_advisory_xact_lock; any number that nobody else uses. */
const migrationLock = 7_210_461_909

export async function migrate(database: Database, target: SchemaMigrations): Promise<void> {
  const { schema } = target
  if (!/^[a-z][a-z0-9_]*$/.test(schema)) {
    throw new Terminal('BAD_SCHEMA_NAME', `found schema name '${schema}', expected lower-case letters, digits and _`)
  }
  await database.transaction(async (tx) => {
    await tx.script('set local statement_timeout = 0')
    await tx.query('select pg_advisory_xact_lock($1)', [migrationLock])
    await prepare(tx, target)
    const applied = await tx.query<Applied>(`select name, checksum from ${schema}.migrations order by position`)
    for (const [position, migration] of target.migrations.entries()) {
      const before = applied[position]
      if (before === undefined) await apply(tx, schema, position, migration)
      else verify(schema, before, migration)
    }
  })
}

interface Applied {
  name: string
  checksum: string
}

async function prepare(tx: Sql, { schema, extensions = [] }: SchemaMigrations): Promise<void> {
  for (const extension of extensions) await tx.script(`create extension if not exists ${extension} with schema public`)
  // `create schema if not exists` asks for the right to make schemas even where it exists; in a deployment a role has only
  // its own, which was made for it.
  await tx.script(`
    do $$ begin if to_regnamespace('${schema}') is null then create schema ${schema}; end if; end $$;
    create table if not exists ${schema}.migrations (
      position int primary key,
      name text not null unique,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`)
}

function verify(schema: string, before: Applied, migration: Migration): void {
  if (before.name === migration.name && before.checksum === checksumOf(migration)) return
  const found = before.name === migration.name ? `other SQL under that name` : `'${migration.name}' in its place`
  throw new Terminal('MIGRATION_CHANGED', `${schema} has applied migration '${before.name}', but found ${found}`, {
    hint: 'restore the released migration and add a new one at the end',
    details: { schema, migration: before.name },
  })
}

async function apply(tx: Sql, schema: string, position: number, migration: Migration): Promise<void> {
  await tx.script(migration.sql)
  await tx.query(`insert into ${schema}.migrations (position, name, checksum) values ($1, $2, $3)`, [
    position,
    migration.name,
    checksumOf(migration),
  ])
}

function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex')
}
