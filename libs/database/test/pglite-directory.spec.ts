/** What only a database in a directory can do wrong: processes that die, and two that want the same one. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openDatabase } from '../src/index.ts'

const library = join(import.meta.dirname, '../src/index.ts')
let root: string
let url: string
const children: ChildProcess[] = []

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pitcrew-database-'))
  url = `pglite:${join(root, 'data')}`
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

/** Another process that opens the database, runs `body` and then stays until it is killed. */
async function otherProcess(body: string): Promise<ChildProcess> {
  const program = `
    import { openDatabase } from ${JSON.stringify(library)}
    const database = await openDatabase({ url: ${JSON.stringify(url)} })
    ${body}
    setInterval(() => {}, 1000)
    console.log('ready')`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [line] = await once(createInterface(child.stdout!), 'line')
  expect(line).toBe('ready')
  return child
}

describe('a PGlite directory', () => {
  test('N1 keeps what was committed when its process is killed', async () => {
    const child = await otherProcess(`
      await database.script('create table t (i int)')
      for (let i = 0; i < 50; i++) await database.query('insert into t values ($1)', [i])
      await database.transaction((tx) => tx.query('insert into t values (50)'))`)
    child.kill('SIGKILL')
    await once(child, 'exit')

    const database = await openDatabase({ url })
    expect(await database.query('select count(*) as rows, max(i) from t')).toEqual([{ rows: 51, max: 50 }])
    await database.close()
  })

  test('is refused while another process has it', async () => {
    const child = await otherProcess('')
    await expect(openDatabase({ url })).rejects.toMatchObject({
      kind: 'terminal',
      code: 'DATABASE_IN_USE',
      details: { pid: child.pid },
    })
  })

  test('is shared within the process, and open until the last one closes', async () => {
    const [first, second] = await Promise.all([openDatabase({ url }), openDatabase({ url })])
    await first.script('create table t (i int)')
    await first.close()
    await expect(first.query('select 1')).rejects.toMatchObject({ code: 'DATABASE_CLOSED' })
    expect(await second.query('select count(*) as rows from t')).toEqual([{ rows: 0 }])

    const closing = second.close()
    const third = await openDatabase({ url })
    await closing
    expect(await third.query('select count(*) as rows from t')).toEqual([{ rows: 0 }])
    await third.close()
  })
})
