import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { boot } from './pglite-boot.ts'
import { keepTemplate, readTemplate } from './pglite-template.ts'

const before = process.env.PITCREW_PGLITE_TEMPLATE
let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pitcrew-template-'))))
afterEach(() => {
  if (before === undefined) delete process.env.PITCREW_PGLITE_TEMPLATE
  else process.env.PITCREW_PGLITE_TEMPLATE = before
  rmSync(folder, { recursive: true, force: true })
})

test('a cluster that starts from another has what that had when it was kept, and nothing later', async () => {
  const file = join(folder, 'kept', 'cluster.tar')
  expect(readTemplate(file)).toBeUndefined()
  const made = await boot('memory://')
  await made.exec('create table early (i int); insert into early values (7)')
  await keepTemplate(file, made)
  await made.exec('create table late (i int)')
  await made.close()
  expect(readdirSync(join(folder, 'kept'))).toEqual(['cluster.tar'])

  process.env.PITCREW_PGLITE_TEMPLATE = file
  const directory = join(folder, 'data')
  for (const place of ['memory://', directory, directory]) {
    const next = await boot(place)
    expect((await next.query('select i, to_regclass($1) as late from early', ['late'])).rows).toEqual([
      { i: 7, late: null },
    ])
    await next.close()
  }
}, 60_000)
