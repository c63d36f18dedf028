import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rooted } from './rooted.ts'

describe('F9 paths', () => {
  let root: string
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'pitcrew-rooted-')))
    mkdirSync(join(root, 'in', 'deep'), { recursive: true })
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  test('F9 lead below the root, whether they are there or not', () => {
    expect(rooted(root, 'in/deep')).toBe(join(root, 'in/deep'))
    expect(rooted(root, 'in/new/file.md')).toBe(join(root, 'in/new/file.md'))
  })

  test.each([
    '..',
    '../x',
    'in/../../x',
    '/etc/passwd',
    '',
    '.',
    'in//x',
    'in/.hidden',
    '.git',
    'C:\\x',
    'a\0b',
    'in/',
    7,
    null,
  ])('F9 never out of it: %p', (path) => {
    expect(() => rooted(root, path)).toThrow(expect.objectContaining({ code: 'PATH_OUTSIDE' }))
  })

  test('F9 links that lead out are not followed', () => {
    symlinkSync('/', join(root, 'out'))
    writeFileSync(join(root, 'in', 'real'), '')
    symlinkSync(join(root, 'in'), join(root, 'inside'))
    expect(() => rooted(root, 'out')).toThrow(expect.objectContaining({ code: 'PATH_OUTSIDE' }))
    expect(() => rooted(root, 'out/etc/passwd')).toThrow(expect.objectContaining({ code: 'PATH_OUTSIDE' }))
    expect(rooted(root, 'inside/real')).toBe(join(root, 'inside/real'))
  })

  test('F9 a link that leads nowhere is refused', () => {
    symlinkSync(join(root, 'nowhere'), join(root, 'broken'))
    expect(() => rooted(root, 'broken')).toThrow()
  })
})
