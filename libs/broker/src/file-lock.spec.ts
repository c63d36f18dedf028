import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { withFileLock } from './file-lock.ts'
import { identify } from './process-identity.ts'

let dir: string
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'lock-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const held = (owner: object) => writeFileSync(join(dir, 'lock'), JSON.stringify(owner))

describe('a lock file', () => {
  test('lets one in at a time', async () => {
    let inside = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++inside)
      await Promise.resolve()
      inside--
    }
    await Promise.all(Array.from({ length: 5 }, () => withFileLock(join(dir, 'lock'), 5_000, work)))
    expect(most).toBe(1)
    expect(existsSync(join(dir, 'lock'))).toBe(false)
  })

  test('is given back when the work fails', async () => {
    await expect(withFileLock(join(dir, 'lock'), 0, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await withFileLock(join(dir, 'lock'), 0, () => Promise.resolve('in'))).toBe('in')
  })

  test('is taken from an owner that is gone, and from one whose number is used again', async () => {
    for (const owner of [
      { pid: 2 ** 22 + 1, startedAt: '1' },
      { pid: process.pid, startedAt: 'long ago' },
    ]) {
      held(owner)
      expect(await withFileLock(join(dir, 'lock'), 1_000, () => Promise.resolve('in'))).toBe('in')
    }
  })

  test('is never taken from an owner that lives', async () => {
    held({ pid: process.pid, startedAt: identify(process.pid)!.startedAt })
    await expect(withFileLock(join(dir, 'lock'), 100, () => Promise.resolve())).rejects.toMatchObject({
      code: 'LOCK_TIMEOUT',
    })
  })
})
