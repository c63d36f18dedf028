import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '../..')

const foldersOf = (parent: string): string[] =>
  readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${parent}/${name}`)

test('the layout in ARCHITECTURE.md names every application and library, and none that is gone', () => {
  const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const layout = architecture.slice(architecture.indexOf('## Layout'), architecture.indexOf('## One process or many'))
  const named = [...layout.matchAll(/^\| `((?:apps|libs)\/[\w-]+)`/gm)].map(([, folder]) => folder)
  expect(named.sort()).toEqual([...foldersOf('apps'), ...foldersOf('libs')].sort())
})
