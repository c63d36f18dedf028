import { describe, expect, jest, test } from '@jest/globals'
import type { PGlite } from '@electric-sql/pglite'
import { openSession } from './pglite-session.ts'

/** Answers with what it was asked, and dies of the words `panic` and `trap`, as PGlite does of a full disk and of WebAssembly. */
function engine() {
  const asked: string[] = []
  const answer = async (sql: string) => {
    asked.push(sql)
    if (sql === 'panic') throw Object.assign(new Error('no space'), { severity: 'PANIC', code: '53100' })
    if (sql === 'trap') throw Object.assign(new Error('unreachable'), { name: 'RuntimeError' })
    if (sql === 'wrong') throw Object.assign(new Error('no such table'), { severity: 'ERROR', code: '42P01' })
    return { rows: [{ sql }] }
  }
  return {
    asked,
    lite: { query: answer, exec: answer, close: async () => void asked.push('close') } as unknown as PGlite,
  }
}

async function session() {
  const engines: ReturnType<typeof engine>[] = []
  const boot = jest.fn(async () => {
    engines.push(engine())
    return engines.at(-1)!.lite
  })
  return { boot, engines, session: await openSession(boot) }
}

describe('the session', () => {
  test('1 is one caller at a time', async () => {
    const { session: shared, engines } = await session()
    const gate = Promise.withResolvers<void>()
    const first = shared.turn(async (sql) => {
      await sql.script('a1')
      await gate.promise
      await sql.script('a2')
    })
    const second = shared.turn((sql) => sql.script('b'))
    gate.resolve()
    await Promise.all([first, second])
    expect(engines[0]?.asked).toEqual(['a1', 'a2', 'b'])
  })

  test.each(['panic', 'trap'])(
    '2 that was given up by a %s gets no further statement, not even a rollback',
    async (end) => {
      const { session: shared, engines } = await session()
      const turn = shared.turn(async (sql) => {
        await sql.script(end).catch(() => undefined)
        await sql.script('rollback')
      })
      await expect(turn).rejects.toMatchObject({ kind: 'retryable' })
      expect(engines[0]?.asked).toEqual([end])
    },
  )

  test('3 is booted anew for the turn after', async () => {
    const { session: shared, engines, boot } = await session()
    const waiting = [shared.turn((sql) => sql.script('panic')), shared.turn((sql) => sql.query('next'))]
    await expect(waiting[0]).rejects.toMatchObject({ code: 'DISK_FULL' })
    await expect(waiting[1]).resolves.toEqual([{ sql: 'next' }])
    expect(boot).toHaveBeenCalledTimes(2)
    expect(engines.map(({ asked }) => asked)).toEqual([['panic'], ['next']])
  })

  test('3 keeps failing with the first reason while it cannot be, and tries again only now and then', async () => {
    const { session: shared, boot } = await session()
    await expect(shared.turn((sql) => sql.script('panic'))).rejects.toMatchObject({ code: 'DISK_FULL' })
    boot.mockRejectedValueOnce(new Error('still no space'))
    const again = () => shared.turn((sql) => sql.query('again'))
    for (let n = 0; n < 3; n++) await expect(again()).rejects.toMatchObject({ kind: 'retryable', code: 'DISK_FULL' })
    expect(boot).toHaveBeenCalledTimes(2)
    const later = Date.now() + 2_001
    jest.spyOn(Date, 'now').mockReturnValue(later)
    await expect(again()).resolves.toEqual([{ sql: 'again' }])
  })

  test('stays up after a mistake in a statement', async () => {
    const { session: shared, boot } = await session()
    await expect(shared.turn((sql) => sql.script('wrong'))).rejects.toMatchObject({ code: 'SQL_ERROR' })
    await shared.turn((sql) => sql.script('right'))
    expect(boot).toHaveBeenCalledTimes(1)
  })
})
