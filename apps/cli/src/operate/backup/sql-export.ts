/**
 * The tables of the services as files: one JSON array of texts a line and row, null for null. Every value is PostgreSQL's own
 * text of it, so that it comes back exactly, whatever its type.
 *
 * 1. A schema is read in one transaction that sees one moment.
 * 2. Bounded memory: rows come through a cursor.
 */
import type { Database, Sql } from '@pitcrew/database'
import { once, type BackupTarget, type SavedSchema, type SavedTable, type SqlSource } from './engine.ts'
import { qualifyNames, quoted, readDefinition, type TableColumns } from './schema-definition.ts'

const rowsAtOnce = 1_000

export function sqlSource(database: Database): SqlSource {
  return {
    kind: database.kind,
    schemas: () => serviceSchemas(database),
    save: (schema, target) => database.transaction((tx) => save(tx, schema, target), { isolation: 'repeatable read' }),
  }
}

/** Those that hold tables; what PostgreSQL itself brings is not one. */
export async function serviceSchemas(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(`
    select distinct n.nspname::text as name from pg_namespace n join pg_class c on c.relnamespace = n.oid
    where c.relkind in ('r', 'p', 'v', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by name`)
  return rows.map(({ name }) => name)
}

async function save(tx: Sql, schema: string, target: Pick<BackupTarget, 'write'>): Promise<SavedSchema> {
  await qualifyNames(tx)
  const { tables, ...definition } = await readDefinition(tx, schema)
  const saved: SavedTable[] = []
  for (const table of tables) saved.push(await saveTable(tx, schema, table, target))
  const file = await target.write(`sql/${schema}/definition.json`, once(`${JSON.stringify(definition, null, 2)}\n`))
  return { schema, definition: file.path, tables: saved }
}

async function saveTable(
  tx: Sql,
  schema: string,
  { table, columns }: TableColumns,
  target: Pick<BackupTarget, 'write'>,
): Promise<SavedTable> {
  const counted = { rows: 0 }
  const { path } = await target.write(`sql/${schema}/${table}.ndjson`, lines(tx, schema, { table, columns }, counted))
  return { table, file: path, columns: columns.map(({ name }) => name), rows: counted.rows }
}

async function* lines(
  tx: Sql,
  schema: string,
  { table, columns }: TableColumns,
  counted: { rows: number },
): AsyncGenerator<Uint8Array> {
  const values = columns.map(({ name }) => `${quoted(name)}::text`).join(', ')
  await tx.script(
    `declare backup no scroll cursor for select json_build_array(${values})::text as line from ${quoted(schema, table)}`,
  )
  for (;;) {
    const rows = await tx.query<{ line: string }>(`fetch ${rowsAtOnce} from backup`)
    if (rows.length > 0) yield Buffer.from(rows.map(({ line }) => `${line}\n`).join(''))
    counted.rows += rows.length
    if (rows.length < rowsAtOnce) break
  }
  await tx.script('close backup')
}
