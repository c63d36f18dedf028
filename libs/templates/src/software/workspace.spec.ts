import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publish, tarballName, verify, withdraw, type Place } from './publish.ts'
import { workshop, type Workshop } from './spec-module.ts'
import { integrityOf } from './tarball.ts'
import { deleteBranch, openBranch, release, remove, reserve, workspaceOf, write } from './workspace.ts'

const code = (is: string) => expect.objectContaining({ code: is }) as never

describe('F3 what one task made, no other one removes', () => {
  let place: Workshop
  beforeEach(() => {
    place = workshop()
  })
  afterEach(() => place.remove())

  const of = (id: string) => workspaceOf(place.root, 'work', id)
  const releaseOf = (workflowId: string): Place => ({
    root: place.root,
    directory: 'work',
    name: 'shop',
    version: '1.0.0',
    workflowId,
  })

  test('F3 a reservation is given back by whoever has it', () => {
    reserve(of('a'), 'a')
    reserve(of('a'), 'a')
    expect(() => reserve(of('b'), 'b')).toThrow(code('ENVIRONMENT_TAKEN'))
    release(of('b'), 'b')
    expect(existsSync(of('a').reservation)).toBe(true)
    release(of('a'), 'a')
    release(of('a'), 'a')
    reserve(of('b'), 'b')
  })

  test('F3 branches are apart, and nothing can be written when one is gone', () => {
    openBranch(of('a'))
    openBranch(of('b'))
    const files = write(of('a'), { 'x/y/one.txt': '1', 'x/two.txt': '2' })
    deleteBranch(of('b'))
    expect(() => write(of('b'), { 'one.txt': '' })).toThrow(code('NO_BRANCH'))
    remove(of('a'), files.slice(0, 1))
    expect([existsSync(join(of('a').branch, 'x/y')), existsSync(join(of('a').branch, 'x/two.txt'))]).toEqual([
      false,
      true,
    ])
    remove(of('a'), files)
    remove(of('a'), files)
    expect(existsSync(join(of('a').branch, 'x'))).toBe(false)
  })

  test('F3 a version belongs to the task that published it', () => {
    const bytes = Buffer.from('a package')
    const integrity = integrityOf(bytes)
    for (const id of ['a', 'b']) {
      openBranch(of(id))
      write(of(id), { [tarballName('shop', '1.0.0')]: bytes })
    }
    expect(publish(releaseOf('a'), integrity)).toEqual(publish(releaseOf('a'), integrity))
    expect(() => publish(releaseOf('b'), integrity)).toThrow(code('VERSION_TAKEN'))
    withdraw(releaseOf('b'))
    expect(verify(releaseOf('a'), integrity)).toEqual({ bytes: bytes.length })
    const file = join(place.root, 'work/published/shop/1.0.0', tarballName('shop', '1.0.0'))
    writeFileSync(file, 'another')
    expect(() => verify(releaseOf('a'), integrity)).toThrow(code('BAD_PACKAGE'))
    withdraw(releaseOf('a'))
    withdraw(releaseOf('a'))
    expect(existsSync(join(place.root, 'work/published/shop'))).toBe(false)
    expect(readFileSync(join(place.root, 'work/published/other/0.0.1/other.tgz'), 'utf8')).toBe('bytes')
  })

  test('F9 what was packed is what is published', () => {
    openBranch(of('a'))
    write(of('a'), { [tarballName('shop', '1.0.0')]: 'changed since' })
    expect(() => publish(releaseOf('a'), integrityOf(Buffer.from('as packed')))).toThrow(code('BAD_PACKAGE'))
  })
})
