/**
 * What a schema is made of, read from PostgreSQL's own catalogue, so that a backup can be restored without the services that
 * made it. `before` makes empty tables, `after` adds what would be in the way of filling them: constraints, indexes, triggers.
 */
import type { Sql } from '@pitcrew/database'
import { Terminal } from '@pitcrew/errors'

export interface SchemaDefinition {
  schema: string
  owner: string
  extensions: string[]
  before: string[]
  after: string[]
  /** Where sequences go on, those behind identity columns too. */
  counters: { of: CounterPlace; value: string; called: boolean }[]
}

/** The sequence behind an identity column has whatever name PostgreSQL gave it. */
export type CounterPlace = { table: string; column: string } | { sequence: string }

export interface TableColumns {
  table: string
  /** Those that are stored and not computed, in order, with their types. */
  columns: { name: string; type: string }[]
}

interface ColumnRow {
  table: string
  name: string
  type: string
  required: boolean
  identity: '' | 'a' | 'd'
  generated: '' | 's' | 'v'
  expression: string | null
}

/** Names and expressions come out qualified, whatever this session's search path is. Lasts as long as the transaction. */
export const qualifyNames = (tx: Sql): Promise<void> => tx.script(`set local search_path = ''`)

/** @throws Terminal BACKUP_UNSUPPORTED for what this does not know how to make again */
export async function readDefinition(tx: Sql, schema: string): Promise<SchemaDefinition & { tables: TableColumns[] }> {
  await refuseUnknown(tx, schema)
  const columns = await readColumns(tx, schema)
  const tables = [...Map.groupBy(columns, ({ table }) => table)]
  const [{ owner } = { owner: '' }] = await tx.query<{ owner: string }>(
    'select pg_get_userbyid(nspowner)::text as owner from pg_namespace where nspname = $1',
    [schema],
  )
  return {
    schema,
    owner,
    extensions: await texts(
      tx,
      `select extname::text as sql from pg_extension where extname <> 'plpgsql' order by 1`,
      [],
    ),
    before: [
      ...(await texts(tx, sequences, [schema])),
      ...(await texts(tx, functions, [schema])),
      ...tables.map(([table, its]) => `create table ${quoted(schema, table)} (${its.map(columnText).join(', ')})`),
    ],
    after: [
      ...(await texts(tx, constraints, [schema])),
      ...(await texts(tx, indexes, [schema])),
      ...(await texts(tx, triggers, [schema])),
      ...(await texts(tx, sequenceOwners, [schema])),
      ...(await texts(tx, views, [schema])),
    ],
    counters: await readCounters(tx, schema, columns),
    tables: tables.map(([table, its]) => ({
      table,
      columns: its.filter(({ generated }) => generated === '').map(({ name, type }) => ({ name, type })),
    })),
  }
}

export const quoted = (...names: string[]): string => names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.')

async function refuseUnknown(tx: Sql, schema: string): Promise<void> {
  const [unknown] = await tx.query<{ what: string }>(
    `select case c.relkind when 'p' then 'partitioned table '
         when 'f' then 'foreign table ' when 'c' then 'type ' end || c.relname as what
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = $1 and c.relkind in ('p', 'f', 'c')
     union all
     select 'type ' || t.typname from pg_type t join pg_namespace n on n.oid = t.typnamespace
       where n.nspname = $1 and t.typtype in ('e', 'd', 'r')`,
    [schema],
  )
  if (unknown === undefined) return
  throw new Terminal('BACKUP_UNSUPPORTED', `schema ${schema} has ${unknown.what}, which a backup cannot hold yet`, {
    hint: 'back this database up with pg_dump, and the streams with --without-sql',
  })
}

const readColumns = (tx: Sql, schema: string): Promise<ColumnRow[]> =>
  tx.query<ColumnRow>(
    `select c.relname::text as "table", a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type,
        a.attnotnull as required, a.attidentity::text as identity, a.attgenerated::text as generated,
        pg_get_expr(d.adbin, d.adrelid) as expression
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where n.nspname = $1 and c.relkind = 'r' order by c.relname, a.attnum`,
    [schema],
  )

function columnText({ name, type, required, identity, generated, expression }: ColumnRow): string {
  const parts = [quoted(name), type]
  if (identity !== '') parts.push(`generated ${identity === 'a' ? 'always' : 'by default'} as identity`)
  else if (generated !== '')
    parts.push(`generated always as (${expression}) ${generated === 's' ? 'stored' : 'virtual'}`)
  else if (expression !== null) parts.push(`default ${expression}`)
  if (required) parts.push('not null')
  return parts.join(' ')
}

const sequences = `
  select format('create sequence %I.%I as %s increment %s minvalue %s maxvalue %s start %s cache %s%s', n.nspname, c.relname,
    format_type(q.seqtypid, null), q.seqincrement, q.seqmin, q.seqmax, q.seqstart, q.seqcache,
    case when q.seqcycle then ' cycle' else '' end) as sql
  from pg_sequence q join pg_class c on c.oid = q.seqrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and not exists (select from pg_depend d
    where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'i') order by c.oid`

/** In the order in which they were made, since one may be made of another. */
const views = `
  select format('create %sview %I.%I%s as %s', case c.relkind when 'm' then 'materialized ' else '' end, n.nspname, c.relname,
    case when c.reloptions is null then '' else ' with (' || array_to_string(c.reloptions, ', ') || ')' end,
    pg_get_viewdef(c.oid)) as sql
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relkind in ('v', 'm') order by c.oid`

/** Of serial columns: the sequence goes with its column. */
const sequenceOwners = `
  select format('alter sequence %I.%I owned by %I.%I.%I', n.nspname, c.relname, n.nspname, t.relname, a.attname) as sql
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_depend d on d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'a'
    join pg_class t on t.oid = d.refobjid join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
  where n.nspname = $1 and c.relkind = 'S' order by c.oid`

const functions = `
  select pg_get_functiondef(p.oid) as sql from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname = $1 and p.prokind in ('f', 'p') order by p.oid`

const constraints = `
  select format('alter table %I.%I add constraint %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) as sql
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and k.contype in ('p', 'u', 'x', 'c', 'f')
  order by array_position(array['p', 'u', 'x', 'c', 'f'], k.contype::text), k.oid`

const indexes = `
  select pg_get_indexdef(i.indexrelid) as sql
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and not exists (
    select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  order by i.indexrelid`

const triggers = `
  select pg_get_triggerdef(t.oid) as sql
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and not t.tgisinternal order by t.oid`

async function texts(tx: Sql, query: string, params: unknown[]): Promise<string[]> {
  return (await tx.query<{ sql: string }>(query, params)).map(({ sql }) => sql)
}

async function readCounters(tx: Sql, schema: string, columns: ColumnRow[]): Promise<SchemaDefinition['counters']> {
  const places: CounterPlace[] = columns
    .filter(({ identity }) => identity !== '')
    .map(({ table, name: column }) => ({ table, column }))
  const free = await texts(tx, freeSequences, [schema])
  places.push(...free.map((sequence) => ({ sequence })))
  const counters: SchemaDefinition['counters'] = []
  for (const of of places) {
    const [state] = await tx.query<{ value: string; called: boolean }>(
      `select last_value::text as value, is_called as called from ${await sequenceOf(tx, schema, of)}`,
    )
    counters.push({ of, ...state! })
  }
  return counters
}

const freeSequences = `
  select c.relname::text as sql from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relkind = 'S' and not exists (select from pg_depend d
    where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'i') order by c.oid`

/** Its name, qualified and quoted. */
export async function sequenceOf(tx: Sql, schema: string, of: CounterPlace): Promise<string> {
  if ('sequence' in of) return quoted(schema, of.sequence)
  const found = await tx.query<{ name: string }>('select pg_get_serial_sequence($1, $2) as name', [
    quoted(schema, of.table),
    of.column,
  ])
  return found[0]!.name
}
