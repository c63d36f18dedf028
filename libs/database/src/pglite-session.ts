/**
 * The one session that a PGlite has, given to one caller at a time.
 *
 * 1. Nobody's statements come between those of another's turn: a turn is a transaction or a single statement.
 * 2. A session that PostgreSQL gave up (severity PANIC or FATAL: a full disk under its log, say) gets no further statement, not
 *    even a rollback. In a server the process would end and start again; here the next statement would spin for ever and take
 *    the whole process with it.
 * 3. The next turn boots a new session over the same files, which recovers as after a crash. While that fails, turns fail.
 */
import type { PGlite } from '@electric-sql/pglite'
import { type Failure, Retryable } from '@pitcrew/errors'
import { failureOf } from './failures.ts'
import type { Sql } from './port.ts'

/** How long a failed recovery is not tried again: it takes seconds of this process's time. */
const recoverEveryMs = 2_000

type State = { is: 'up'; lite: PGlite } | { is: 'given up'; why: Failure; triedAt: number } | { is: 'closed' }

export interface PgliteSession {
  turn<T>(fn: (sql: Sql) => Promise<T>): Promise<T>
  /** After the turns that wait. */
  close(): Promise<void>
}

export async function openSession(boot: () => Promise<PGlite>): Promise<PgliteSession> {
  let state: State = { is: 'up', lite: await boot() }
  let last: Promise<unknown> = Promise.resolve()

  const up = async (): Promise<PGlite> => {
    switch (state.is) {
      case 'up':
        return state.lite
      case 'closed':
        throw new Retryable('DATABASE_UNAVAILABLE', 'the database is closed')
      case 'given up':
        if (Date.now() - state.triedAt < recoverEveryMs) throw state.why
        state = await recover(boot, state.why)
        return up()
    }
  }
  const statement = async (lite: PGlite, run: () => Promise<unknown>) => {
    if (state.is !== 'up' || state.lite !== lite) throw gone(state)
    try {
      return await run()
    } catch (error) {
      const why = failureOf(error)
      if (isFatal(error)) state = { is: 'given up', why, triedAt: 0 }
      throw why
    }
  }
  const sqlOf = (lite: PGlite): Sql => ({
    query: async <R>(sql: string, params: unknown[] = []) =>
      ((await statement(lite, () => lite.query(sql, params))) as { rows: R[] }).rows,
    script: async (sql) => void (await statement(lite, () => lite.exec(sql))),
  })
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work)
    last = mine.catch(() => undefined) // whoever's turn it was hears of it
    return mine
  }
  return {
    turn: (fn) => inTurn(async () => fn(sqlOf(await up()))),
    close: () =>
      inTurn(async () => {
        const before = state
        state = { is: 'closed' }
        if (before.is === 'up') await before.lite.close()
      }),
  }
}

async function recover(boot: () => Promise<PGlite>, because: Failure): Promise<State> {
  try {
    return { is: 'up', lite: await boot() }
  } catch (error) {
    const message = `${because.message}; not recovered yet: ${failureOf(error).message}`
    return { is: 'given up', why: new Retryable(because.code, message, { hint: because.hint }), triedAt: Date.now() }
  }
}

function gone(state: State): Failure {
  return state.is === 'given up'
    ? state.why
    : new Retryable('DATABASE_UNAVAILABLE', 'the session of this transaction has ended')
}

/** Also what is no answer of PostgreSQL's at all: then WebAssembly itself has stopped. Our own refusals reach no session. */
function isFatal(thrown: unknown): boolean {
  if (Error.isError(thrown) && 'kind' in thrown) return false
  const { severity, code } = thrown as { severity?: string; code?: string }
  return severity === 'PANIC' || severity === 'FATAL' || (code === undefined && isWasmStop(thrown))
}

function isWasmStop(thrown: unknown): boolean {
  const name = (thrown as { name?: string }).name
  return name === 'RuntimeError' || name === 'ExitStatus'
}
