/**
 * Puts the tables of a backup into a database that has none.
 *
 * 1. All schemas in one transaction: all of it, or nothing.
 * 2. Only into schemas without tables: what is there is somebody's.
 * 3. Tables are filled first and constrained afterwards, so that no order among them matters and no trigger runs; what does not
 *    fit its constraints is then refused as a whole.
 */
import type { Database, Sql } from '@pitcrew/database'
import { Terminal } from '@pitcrew/errors'
import { readAll, type BackupManifest, type BackupTarget, type SavedSchema, type SavedTable } from './engine.ts'
import { linesOf } from './lines.ts'
import { qualifyNames, quoted, sequenceOf, type SchemaDefinition } from './schema-definition.ts'
import { serviceSchemas } from './sql-export.ts'

const rowsAtOnce = 500

export interface ImportOptions {
  database: Database
  target: BackupTarget
  manifest: BackupManifest
  onProgress?: (words: string) => void
}

/** @throws Terminal DATABASE_NOT_EMPTY, RESTORE_INCOMPLETE */
export async function importSql({ database, target, manifest, onProgress }: ImportOptions): Promise<void> {
  await refuseUnlessEmpty(database, manifest)
  await database.transaction(async (tx) => {
    await tx.script('set local statement_timeout = 0')
    await tx.script('set local check_function_bodies = off')
    for (const saved of manifest.sql?.schemas ?? []) {
      await importSchema(tx, target, saved)
      onProgress?.(`schema ${saved.schema}: ${saved.tables.reduce((sum, { rows }) => sum + rows, 0)} rows`)
    }
  })
}

export async function refuseUnlessEmpty(sql: Sql, manifest: BackupManifest): Promise<void> {
  const present = await serviceSchemas(sql)
  const taken = (manifest.sql?.schemas ?? []).map(({ schema }) => schema).filter((schema) => present.includes(schema))
  if (taken.length === 0) return
  throw new Terminal('DATABASE_NOT_EMPTY', `the database has tables in ${taken.join(', ')}`, {
    hint: 'restore into a new database (an empty data folder), before any service was started on it; nothing was changed',
    details: { schemas: taken },
  })
}

async function importSchema(tx: Sql, target: BackupTarget, saved: SavedSchema): Promise<void> {
  const { schema } = saved
  const definition = JSON.parse((await readAll(target.read(saved.definition))).toString()) as SchemaDefinition
  for (const extension of definition.extensions)
    await tx.script(`create extension if not exists ${quoted(extension)} with schema public`)
  await tx.script(`create schema if not exists ${quoted(schema)}`)
  await becomeOwner(tx, definition)
  await qualifyNames(tx)
  for (const statement of definition.before) await tx.script(statement)
  for (const table of saved.tables) await fill(tx, schema, table, target)
  for (const { of, value, called } of definition.counters)
    await tx.query('select setval($1::text::regclass, $2::text::bigint, $3)', [
      await sequenceOf(tx, schema, of),
      value,
      called,
    ])
  for (const statement of definition.after) await tx.script(statement)
  await tx.script('reset role')
  await tx.script('reset search_path')
}

/** Where each service has a role of its own, its tables are to be that role's again. */
async function becomeOwner(tx: Sql, { schema, owner }: SchemaDefinition): Promise<void> {
  const [other] = await tx.query('select from pg_roles where rolname = $1 and rolname <> current_user', [owner])
  if (other === undefined) return
  await tx.script(`alter schema ${quoted(schema)} owner to ${quoted(owner)}; set local role ${quoted(owner)}`)
}

async function fill(tx: Sql, schema: string, saved: SavedTable, target: BackupTarget): Promise<void> {
  const types = await tx.query<{ name: string; type: string }>(
    `select attname::text as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = to_regclass($1) and attnum > 0`,
    [quoted(schema, saved.table)],
  )
  const typeOf = new Map(types.map(({ name, type }) => [name, type]))
  const names = saved.columns.map((name) => quoted(name)).join(', ')
  const values = saved.columns.map((name, i) => `(line ->> ${i})::${typeOf.get(name)}`).join(', ')
  const insert = `insert into ${quoted(schema, saved.table)} (${names}) overriding system value
    select ${values} from pg_catalog.json_array_elements($1::text::json) with ordinality as lines (line, position) order by position`
  let rows = 0
  for await (const lines of batches(target.read(saved.file))) {
    await tx.query(insert, [`[${lines.join(',')}]`])
    rows += lines.length
  }
  if (rows !== saved.rows) {
    throw new Terminal(
      'RESTORE_INCOMPLETE',
      `${schema}.${saved.table} has ${rows} rows in the backup, expected ${saved.rows}`,
      {
        hint: 'use another backup; nothing was changed',
      },
    )
  }
}

async function* batches(content: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  let batch: string[] = []
  for await (const line of linesOf(content)) {
    batch.push(line)
    if (batch.length < rowsAtOnce) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
