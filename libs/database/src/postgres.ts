/** PostgreSQL through a pool of `pg`. */
import pg from 'pg'
import { failureOf, connectionLost } from './failures.ts'
import type { Database, DatabaseOptions, Sql, TransactionOptions } from './port.ts'
import { retryConflicts } from './retry.ts'
import { insideTransaction, refuseInsideTransaction } from './transaction-scope.ts'
import { elementOf, parserFor } from './values.ts'

/** pg-types declares an older form of it. */
const arrayParser = pg.types.arrayParser as unknown as {
  create(text: string, parse: (element: string) => unknown): { parse(): unknown[] }
}

const types = {
  getTypeParser(oid: number) {
    const element = elementOf[oid]
    if (element === undefined) return parserFor(oid)
    const parse = parserFor(element)
    return (text: string) => arrayParser.create(text, parse).parse()
  },
}

export async function openPostgres(options: DatabaseOptions): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize ?? 10,
    // Counts the wait for a place in the pool as well, so that a burst waits as long as a statement may take.
    connectionTimeoutMillis: options.statementTimeoutMs ?? 30_000,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    application_name: 'pitcrew',
    options: '-c timezone=UTC -c datestyle=ISO -c bytea_output=hex',
    types: types as pg.CustomTypesConfig,
  })
  // An idle connection that breaks is dropped by the pool itself and the next query opens a new one, whose own failure is
  // reported there; without a listener Node would end the process.
  pool.on('error', () => {})
  const database = new Postgres(pool)
  try {
    await database.query('select 1')
  } catch (error) {
    await pool.end()
    throw error
  }
  return database
}

class Postgres implements Database {
  readonly kind = 'postgres'
  readonly #pool: pg.Pool

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  query<R>(sql: string, params?: unknown[]): Promise<R[]> {
    refuseInsideTransaction(this.#pool)
    return statements(this.#pool).query<R>(sql, params)
  }

  script(sql: string): Promise<void> {
    refuseInsideTransaction(this.#pool)
    return statements(this.#pool).script(sql)
  }

  transaction<T>(fn: (tx: Sql) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    refuseInsideTransaction(this.#pool)
    return retryConflicts(() => this.#attempt(fn, options))
  }

  async #attempt<T>(fn: (tx: Sql) => Promise<T>, { isolation = 'read committed' }: TransactionOptions): Promise<T> {
    const client = await this.#pool.connect().catch((error) => {
      throw failureOf(error, connectionLost)
    })
    const tx = statements(client)
    let broken: Error | undefined
    try {
      await tx.query(`begin isolation level ${isolation}`)
      const result = await insideTransaction(this.#pool, tx, fn)
      await tx.query('commit')
      return result
    } catch (error) {
      await client.query('rollback').catch((rollback: Error) => (broken = rollback))
      throw error
    } finally {
      // A connection that could not even roll back is thrown away; the server rolls back when it closes.
      client.release(broken)
    }
  }

  async close(): Promise<void> {
    if (!this.#pool.ending) await this.#pool.end()
  }
}

function statements(runner: pg.Pool | pg.PoolClient): Sql {
  return {
    async query<R>(sql: string, params: unknown[] = []): Promise<R[]> {
      try {
        return (await runner.query(sql, params)).rows as R[]
      } catch (error) {
        throw failureOf(error, connectionLost)
      }
    },
    async script(sql: string): Promise<void> {
      try {
        await runner.query(sql)
      } catch (error) {
        throw failureOf(error, connectionLost)
      }
    },
  }
}
