/**
 * Guards the one mistake that both engines punish late and silently: using the database itself, instead of `tx`, inside a
 * transaction. On PGlite it would wait for itself for ever, on PostgreSQL it drains the pool and escapes the rollback.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { Terminal } from '@pitcrew/errors'

const open = new AsyncLocalStorage<object>()

export function insideTransaction<T>(engine: object, fn: () => Promise<T>): Promise<T> {
  return open.run(engine, fn)
}

export function refuseInsideTransaction(engine: object): void {
  if (open.getStore() !== engine) return
  throw new Terminal('NESTED_TRANSACTION', 'the database was used inside one of its own transactions', {
    hint: 'use the `tx` that the transaction function is given',
  })
}
