import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { migrate, openDatabase, type Database } from '@pitcrew/database'
import { testDatabase, type TestDatabase } from '@pitcrew/testing'
import { checkRows } from '../src/operate/backup/check-rows.ts'
import { folderTarget, type BackupManifest, type BackupTarget } from '../src/operate/backup/engine.ts'
import { sqlSource } from '../src/operate/backup/sql-export.ts'
import { importSql } from '../src/operate/backup/sql-import.ts'

const migrations = [
  {
    name: '0001',
    sql: `
      create function garage.refuse() returns trigger language plpgsql as $body$
        begin raise exception 'append-only'; end $body$;
      create table garage.booking (
        position bigint generated always as identity,
        id text primary key,
        bay text not null check (bay <> ''),
        during tstzrange not null,
        parent text references garage.booking,
        exclude using gist (bay with =, during with &&)
      );
      create index booking_parent on garage.booking (parent);
      create table garage.audit (
        number bigint primary key,
        record text not null,
        source text generated always as ((record::jsonb) ->> 'id') stored unique
      );
      create trigger append_only before update or delete on garage.audit for each statement execute function garage.refuse();
      create table garage.odd (
        "Mixed Case" text default 'x''y',
        bytes bytea, list text[], number numeric, big bigint, real8 float8, day date, at timestamptz, document jsonb, flag boolean
      );
      create sequence garage.number start 10;
      create table garage.numbered (name text default 'N-' || nextval('garage.number'), old serial);
      create view garage.bays with (security_barrier) as select distinct bay from garage.booking;
      create materialized view garage.bay_count as select count(*) as bays from garage.bays;
      create table garage.empty (id int);
      insert into garage.empty values (1);
    `,
  },
]

let source: TestDatabase
let copy: TestDatabase
let from: Database
let to: Database
let folder: string
beforeEach(async () => {
  ;[source, copy] = [await testDatabase(), await testDatabase()]
  from = await openDatabase({ url: source.url })
  to = await openDatabase({ url: copy.url })
  folder = mkdtempSync(join(tmpdir(), 'pitcrew-backup-sql-'))
  await migrate(from, { schema: 'garage', migrations, extensions: ['btree_gist'] })
})
afterEach(async () => {
  for (const database of [from, to]) await database.close()
  for (const server of [source, copy]) await server.stop()
  rmSync(folder, { recursive: true })
})

async function save(): Promise<{ target: BackupTarget; manifest: BackupManifest }> {
  const target = folderTarget(folder)
  const sql = sqlSource(from)
  const schemas = []
  for (const schema of await sql.schemas()) schemas.push(await sql.save(schema, target))
  return { target, manifest: { sql: { kind: sql.kind, schemas } } as BackupManifest }
}

const odd = `select "Mixed Case", bytes::text, list::text, number::text, big::text, real8::text, day::text, at::text, document::text,
  flag from garage.odd order by 1`

async function fill(database: Database): Promise<void> {
  await database.script(`
    insert into garage.booking (id, bay, during, parent) values
      ('b', '1', '[2026-01-02,2026-01-03)', null), ('a', '1', '[2026-01-01,2026-01-02)', 'b');
    insert into garage.audit (number, record) values (1, '{"id": "one"}'), (2, '{"id": "two", "text": "a\\u2028b"}');
    insert into garage.odd values
      (E'tab\\tnewline\\nquote"back\\\\slash', '\\xdeadbeef00', '{a,"b c",NULL,"d\\"e"}', 12345678901234567890.000123,
        9223372036854775807, 0.1, 'infinity', '-infinity', 'null', true),
      ('\u2028 é 🚗', null, '{}', 'NaN', -1, 'Infinity', '0044-03-15 BC', '2026-11-20 12:00:00.123456+00', '{"a": [1, null]}', null),
      (null, '', null, null, null, null, null, null, null, null);
    insert into garage.numbered default values;
    delete from garage.empty`)
}

describe('C5 the tables of the services in a backup', () => {
  test('C5 come back exactly: values, computed columns, constraints, triggers, counters', async () => {
    await fill(from)
    const { target, manifest } = await save()
    expect(await checkRows(target, manifest)).toEqual([])
    await importSql({ database: to, target, manifest })

    expect(await to.query(odd)).toEqual(await from.query(odd))
    const all = 'select position, id, bay, during, parent from garage.booking order by position'
    expect(await to.query(all)).toEqual(await from.query(all))
    expect(await to.query('select source from garage.audit order by number')).toEqual([
      { source: 'one' },
      { source: 'two' },
    ])
    expect(await to.query('select * from garage.empty')).toEqual([])
    expect(await to.query('select * from garage.bay_count')).toEqual([{ bays: 1 }])
    // What a service would do next, on what it believes is its own database.
    await migrate(to, { schema: 'garage', migrations, extensions: ['btree_gist'] })
    const book = (id: string, day: string) =>
      to.query(`insert into garage.booking (id, bay, during) values ($1, '1', $2) returning position`, [id, day])
    expect(await book('c', '[2026-01-05,2026-01-06)')).toEqual([{ position: 3 }])
    const next = await to.query('insert into garage.numbered default values returning name, old')
    expect(next).toEqual([{ name: 'N-11', old: 2 }])
    await expect(book('d', '[2026-01-01,2026-01-02)')).rejects.toThrow('exclusion constraint')
    await expect(book('a', '[2026-02-01,2026-02-02)')).rejects.toThrow('duplicate key')
    await expect(to.query('delete from garage.audit')).rejects.toThrow('append-only')
    await expect(to.query(`insert into garage.booking (id, bay, during) values ('e', '', 'empty')`)).rejects.toThrow(
      'check',
    )
  }, 60_000)

  test('C5 many rows come in bounded pieces and in order', async () => {
    await from.script(
      `insert into garage.audit (number, record) select n, '{"id": "' || n || '"}' from generate_series(1, 3500) n`,
    )
    const { target, manifest } = await save()
    await importSql({ database: to, target, manifest })
    const count = `select count(*) as count, sum(number) as sum, min(source) as first from garage.audit`
    expect(await to.query(count)).toEqual([{ count: 3500, sum: 6126750, first: '1' }])
  }, 60_000)

  test('C5 are not restored into a database that has them, nor when a row is missing; nothing is left behind then', async () => {
    await fill(from)
    const { target, manifest } = await save()
    await expect(importSql({ database: from, target, manifest })).rejects.toMatchObject({
      code: 'DATABASE_NOT_EMPTY',
      message: expect.stringContaining('garage'),
    })
    const file = join(folder, 'sql/garage/booking.ndjson')
    writeFileSync(file, `${readFileSync(file, 'utf8').split('\n')[0]}\n`)
    expect(await checkRows(target, manifest)).toEqual([
      { path: 'sql/garage/booking.ndjson', why: 'it has 1 rows, expected 2' },
    ])
    await expect(importSql({ database: to, target, manifest })).rejects.toMatchObject({ code: 'RESTORE_INCOMPLETE' })
    expect(await to.query(`select from pg_namespace where nspname = 'garage'`)).toEqual([])
  }, 60_000)

  test('C5 what cannot be made again is refused, and not left out in silence', async () => {
    await from.script(`create type garage.colour as enum ('red')`)
    await expect(save()).rejects.toMatchObject({
      code: 'BACKUP_UNSUPPORTED',
      message: expect.stringContaining('type colour'),
    })
  }, 60_000)
})
