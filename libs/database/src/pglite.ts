/** PostgreSQL in process, for one machine and for tests. */
import { Terminal } from '@pitcrew/errors'
import { acquireEngine, type PgliteEngine } from './pglite-engine.ts'
import type { Database, DatabaseOptions, Sql, TransactionOptions } from './port.ts'
import { retryConflicts } from './retry.ts'
import { insideTransaction, refuseInsideTransaction } from './transaction-scope.ts'

export async function openPglite({ url }: DatabaseOptions): Promise<Database> {
  const { engine, release } = await acquireEngine(url)
  return new Pglite(engine, release)
}

class Pglite implements Database {
  readonly kind = 'pglite'
  readonly #engine: PgliteEngine
  readonly #release: () => Promise<void>
  #closed = false

  constructor(engine: PgliteEngine, release: () => Promise<void>) {
    this.#engine = engine
    this.#release = release
  }

  async query<R>(sql: string, params?: unknown[]): Promise<R[]> {
    this.#usable()
    const rows = await this.#engine.turn((session) => session.query<R>(sql, params))
    // Only for speed, so it errs on one side: a select that writes through a function is synced with the next commit.
    if (!/^\s*select\b/i.test(sql)) await this.#engine.flush()
    return rows
  }

  async script(sql: string): Promise<void> {
    this.#usable()
    await this.#engine.turn((session) => session.script(sql))
    await this.#engine.flush()
  }

  async transaction<T>(
    fn: (tx: Sql) => Promise<T>,
    { isolation = 'read committed' }: TransactionOptions = {},
  ): Promise<T> {
    this.#usable()
    const attempt = () => this.#engine.turn((session) => this.#attempt(session, fn, isolation))
    const result = await retryConflicts(attempt)
    await this.#engine.flush()
    return result
  }

  async #attempt<T>(session: Sql, fn: (tx: Sql) => Promise<T>, isolation: string): Promise<T> {
    await session.script(`begin isolation level ${isolation}`)
    try {
      const result = await insideTransaction(this.#engine, session, fn)
      await session.script('commit')
      return result
    } catch (error) {
      // Refused when the session was given up; recovery rolls back what was open.
      await session.script('rollback').catch(() => undefined)
      throw error
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#release()
  }

  #usable(): void {
    if (this.#closed) throw new Terminal('DATABASE_CLOSED', 'the database was used after it was closed')
    refuseInsideTransaction(this.#engine)
  }
}
