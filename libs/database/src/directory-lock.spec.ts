import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { lockDirectory } from './directory-lock.ts'

let root: string
let directory: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pitcrew-lock-'))
  directory = join(root, 'database')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const heldBy = (owner: object) => writeFileSync(`${directory}.lock`, JSON.stringify(owner))

describe('the lock of a directory', () => {
  test('is held by one and free again after release', () => {
    const lock = lockDirectory(directory)
    expect(() => lockDirectory(directory)).toThrow(
      expect.objectContaining({ kind: 'terminal', code: 'DATABASE_IN_USE', details: { pid: process.pid } }),
    )
    lock.release()
    lockDirectory(directory).release()
    expect(existsSync(`${directory}.lock`)).toBe(false)
  })

  test('is taken over from a process that is gone', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'exit')
    heldBy({ pid: child.pid, startedAt: '1' })
    expect(() => lockDirectory(directory).release()).not.toThrow()
  })

  test('is taken over from a number that another process has by now', () => {
    heldBy({ pid: process.pid, startedAt: 'another time' })
    expect(() => lockDirectory(directory).release()).not.toThrow()
  })

  test('is taken over when a power cut left it damaged', () => {
    writeFileSync(`${directory}.lock`, '')
    expect(() => lockDirectory(directory).release()).not.toThrow()
  })
})
