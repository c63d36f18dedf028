/**
 * Guards the two mistakes that both engines punish late and silently. Using the database itself, instead of `tx`, inside a
 * transaction: on PGlite it would wait for itself for ever, on PostgreSQL it drains the pool and escapes the rollback. And using
 * `tx` after the transaction: the statement would land in the next one on that connection.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { Terminal } from '@pitcrew/errors'
import type { Sql } from './port.ts'

const open = new AsyncLocalStorage<object>()

export async function insideTransaction<T>(engine: object, session: Sql, fn: (tx: Sql) => Promise<T>): Promise<T> {
  let over = false
  const refuseAfterwards = () => {
    if (over)
      throw new Terminal('TRANSACTION_OVER', 'a transaction was used after its end', { hint: 'await every statement' })
  }
  const tx: Sql = {
    async query(sql, params) {
      refuseAfterwards()
      return session.query(sql, params)
    },
    async script(sql) {
      refuseAfterwards()
      return session.script(sql)
    },
  }
  try {
    return await open.run(engine, () => fn(tx))
  } finally {
    over = true
  }
}

export function refuseInsideTransaction(engine: object): void {
  if (open.getStore() !== engine) return
  throw new Terminal('NESTED_TRANSACTION', 'the database was used inside one of its own transactions', {
    hint: 'use the `tx` that the transaction function is given',
  })
}
