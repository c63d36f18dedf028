import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startOf } from './process-identity.ts'
import { removeState, runningState, writeState } from './state-file.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pitcrew-state-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const file = () => join(folder, 'platform.json')
const rewrite = (change: object) =>
  writeFileSync(file(), JSON.stringify({ ...(JSON.parse(readFileSync(file(), 'utf8')) as object), ...change }))

describe('N10 the file of a running platform', () => {
  test('tells its doors while the process lives, and goes with it', () => {
    writeState(folder, { gateway: 'http://127.0.0.1:1' })
    expect(runningState(folder)).toMatchObject({ pid: process.pid, urls: { gateway: 'http://127.0.0.1:1' } })
    removeState(folder)
    expect(existsSync(file())).toBe(false)
    expect(runningState(folder)).toBeUndefined()
  })

  test('of a process that is gone counts as none', () => {
    writeState(folder, {})
    rewrite({ pid: spawnSync('true').pid })
    expect(runningState(folder)).toBeUndefined()
  })

  test('of a process whose number another one has now counts as none', () => {
    writeState(folder, {})
    rewrite({ processStart: 'earlier' })
    expect(startOf(process.pid)).toBeDefined()
    expect(runningState(folder)).toBeUndefined()
  })

  test('of another process is not removed', () => {
    writeState(folder, {})
    rewrite({ pid: 1 })
    removeState(folder)
    expect(existsSync(file())).toBe(true)
  })

  test('that no platform wrote counts as none', () => {
    writeFileSync(file(), '{"pid":')
    expect(runningState(folder)).toBeUndefined()
  })
})
