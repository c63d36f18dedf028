/** The contract of @pitcrew/database, over PGlite and, where Docker answers, over PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { migrate, openDatabase, type Database } from '@pitcrew/database'
import { Terminal } from '@pitcrew/errors'
import { postgresImage, testPglite, testPostgres, type TestDatabase } from '../src/database.ts'
import { containersFor } from '../src/docker.ts'

const engines: [string, () => Promise<TestDatabase>][] = [['pglite', testPglite]]
if (await containersFor(postgresImage)) engines.push(['postgres', testPostgres])

describe.each(engines)('%s', (kind, start) => {
  let server: TestDatabase
  let database: Database
  beforeAll(async () => {
    server = await start()
    database = await openDatabase({ url: server.url })
  }, 60_000)
  afterAll(async () => {
    await database?.close()
    await server?.stop()
  })

  test('is the engine that the url names', () => {
    expect(database.kind).toBe(kind)
  })

  test('gives the same values', async () => {
    const [row] = await database.query(`select
      timestamptz '2026-01-31 08:00:00.123456+02' as instant, date '2026-01-31' as day, 7::int8 as big, 1.50::numeric as exact,
      '{"a": [1]}'::jsonb as object, '\\x00ff'::bytea as bytes, 0.5::float8 as float, true as yes, null::text as nothing,
      interval '90 minutes' as span, time '08:30' as clock, array[1, 2]::int8[] as bigs, array['a', 'b"c', null] as texts,
      array[timestamptz '2026-01-31 08:00Z'] as instants, array['2026-01-31']::date[] as days,
      tstzrange('2026-01-31', '2026-02-01') as during`)
    expect(row).toEqual({
      instant: '2026-01-31T06:00:00.123Z',
      day: '2026-01-31',
      big: 7,
      exact: 1.5,
      object: { a: [1] },
      bytes: expect.any(Uint8Array),
      float: 0.5,
      yes: true,
      nothing: null,
      span: '01:30:00',
      clock: '08:30:00',
      bigs: [1, 2],
      texts: ['a', 'b"c', null],
      instants: ['2026-01-31T08:00:00.000Z'],
      days: ['2026-01-31'],
      during: '["2026-01-31 00:00:00+00","2026-02-01 00:00:00+00")',
    })
    expect([...(row!.bytes as Uint8Array)]).toEqual([0, 255])
  })

  test('takes the same parameters', async () => {
    const params = [
      { a: [1] },
      JSON.stringify([1, 2]),
      new Date(0),
      '2026-01-31',
      ['x', 'y,"z'],
      Buffer.from([1]),
      undefined,
      true,
      2 ** 40,
    ]
    const [row] = await database.query(
      `select $1::jsonb as object, $2::jsonb as list, $3::timestamptz as instant, $4::date as day, $5::text[] as texts,
              $6::bytea as bytes, $7::text as nothing, $8::boolean as yes, $9::int8 as big`,
      params,
    )
    expect(row).toMatchObject({
      object: { a: [1] },
      list: [1, 2],
      instant: '1970-01-01T00:00:00.000Z',
      day: '2026-01-31',
      texts: ['x', 'y,"z'],
      nothing: null,
      yes: true,
      big: 2 ** 40,
    })
    expect([...(row!.bytes as Uint8Array)]).toEqual([1])
  })

  test('a transaction is all or nothing, and its failure is the one that was thrown', async () => {
    await database.script('create table ledger (id int primary key)')
    await database.transaction((tx) => tx.query('insert into ledger values (1)'))
    const refused = new Terminal('REFUSED', 'changed its mind')
    const attempt = database.transaction(async (tx) => {
      await tx.query('insert into ledger values (2)')
      throw refused
    })
    await expect(attempt).rejects.toBe(refused)
    await expect(
      database.transaction(async (tx) => {
        await tx.query('insert into ledger values (3)')
        await tx.query('insert into ledger values (1)')
      }),
    ).rejects.toMatchObject({ kind: 'terminal', code: 'UNIQUE_VIOLATION', details: { constraint: 'ledger_pkey' } })
    expect(await database.query('select id from ledger')).toEqual([{ id: 1 }])
  })

  test('transactions at the same time do not see each other half done', async () => {
    await database.script('create table counter (n int); insert into counter values (0)')
    const raise = () =>
      database.transaction(async (tx) => {
        const [row] = await tx.query<{ n: number }>('select n from counter for update')
        await tx.query('update counter set n = $1', [row!.n + 1])
      })
    await Promise.all(Array.from({ length: 20 }, raise))
    expect(await database.query('select n from counter')).toEqual([{ n: 20 }])
  })

  test('a transaction that cannot be serialised runs again, three times at most', async () => {
    let runs = 0
    const conflict = async () => {
      runs++
      await database.transaction(async (tx) => {
        runs++
        await tx.script(`do $$ begin raise exception 'conflict' using errcode = '40001'; end $$`)
      })
    }
    await expect(conflict()).rejects.toMatchObject({ kind: 'retryable', code: 'SERIALIZATION_FAILURE' })
    expect(runs).toBe(1 + 3)
  })

  test('the database inside its own transaction is refused instead of waiting for ever', async () => {
    const nested = database.transaction(() => database.query('select 1'))
    await expect(nested).rejects.toMatchObject({ kind: 'terminal', code: 'NESTED_TRANSACTION' })
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }])
  })

  test('a transaction that is over is refused instead of falling into the next one', async () => {
    const leaked = await database.transaction(async (tx) => tx)
    await expect(leaked.query('select 1')).rejects.toMatchObject({ kind: 'terminal', code: 'TRANSACTION_OVER' })
  })

  test('N8 an exclusion constraint lets one of many bookings of the same bay through', async () => {
    await migrate(database, {
      schema: 'garage',
      extensions: ['btree_gist'],
      migrations: [
        {
          name: '001-claim',
          sql: `create table garage.claim (
            resource_id text not null, during tstzrange not null, status text not null,
            constraint claim_once exclude using gist (resource_id with =, during with &&) where (status in ('held', 'confirmed')))`,
        },
      ],
    })
    const claim = (from: string, to: string, status = 'held') =>
      database.query(`insert into garage.claim values ('bay-1', tstzrange($1, $2), $3)`, [from, to, status])
    const attempts = await Promise.allSettled(
      Array.from({ length: 10 }, () => claim('2026-01-31T08:00Z', '2026-01-31T10:00Z')),
    )
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const attempt of attempts) {
      if (attempt.status === 'fulfilled') continue
      expect(attempt.reason).toMatchObject({ code: 'EXCLUSION_VIOLATION', details: { constraint: 'claim_once' } })
    }
    await claim('2026-01-31T10:00Z', '2026-01-31T11:00Z')
    await claim('2026-01-31T08:00Z', '2026-01-31T10:00Z', 'released')
  })

  describe('migrations', () => {
    const first = { name: '001-vehicle', sql: 'create table fleet.vehicle (id text primary key);' }
    const second = {
      name: '002-model',
      sql: `alter table fleet.vehicle add model text; create index on fleet.vehicle (model)`,
    }
    const to = (...migrations: { name: string; sql: string }[]) => migrate(database, { schema: 'fleet', migrations })

    test('are applied once, in order, by however many start at the same time', async () => {
      await Promise.all([to(first), to(first), to(first)])
      await to(first, second)
      await database.query(`insert into fleet.vehicle values ('v1', 'm1')`)
      await to(first, second)
      await to(first)
      const applied = await database.query('select name from fleet.migrations order by position')
      expect(applied).toEqual([{ name: '001-vehicle' }, { name: '002-model' }])
    })

    test('that were changed or put in between are refused', async () => {
      await to(first, second)
      const changed = { kind: 'terminal', code: 'MIGRATION_CHANGED' }
      await expect(to({ ...first, sql: `${first.sql} -- more` }, second)).rejects.toMatchObject(changed)
      await expect(to(first, { name: '001b', sql: 'select 1' }, second)).rejects.toMatchObject(changed)
    })

    test('that fail leave nothing behind', async () => {
      const broken = { name: '003-broken', sql: 'create table fleet.half (id int); select nonsense' }
      await expect(to(first, second, broken)).rejects.toMatchObject({ code: 'SQL_ERROR' })
      expect(await database.query(`select to_regclass('fleet.half') as half`)).toEqual([{ half: null }])
      expect(await database.query('select name from fleet.migrations')).toHaveLength(2)
    })
  })
})

test('a PostgreSQL that nobody runs is DATABASE_UNAVAILABLE, an unknown scheme BAD_DATABASE_URL', async () => {
  await expect(openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' })).rejects.toMatchObject({
    kind: 'retryable',
    code: 'DATABASE_UNAVAILABLE',
  })
  await expect(openDatabase({ url: 'mysql://x' })).rejects.toMatchObject({ kind: 'terminal', code: 'BAD_DATABASE_URL' })
})
