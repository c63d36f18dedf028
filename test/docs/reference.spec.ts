import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '../..')

test('docs/reference is what the code gives', () => {
  const { status, stderr } = spawnSync(process.execPath, ['tools/docs/generate.ts', '--check'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
  })
  expect(status === 0 ? '' : stderr).toBe('')
  expect(status).toBe(0)
}, 60_000)
