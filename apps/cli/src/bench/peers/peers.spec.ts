import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { findPostgres } from './find-postgres.ts'
import { installPeer } from './install.ts'

const path = process.env.PATH
let cacheDir: string
beforeEach(() => void (cacheDir = mkdtempSync(join(tmpdir(), 'pitcrew-peers-'))))
afterEach(() => {
  process.env.PATH = path
  rmSync(cacheDir, { recursive: true })
})

const packages = { peer: 'some', versions: { '@maker/server': '1.2.3', '@maker/sdk': '1.0.0' } }

describe('L14 peers', () => {
  test('are installed once, into a folder named for their version', async () => {
    const folder = join(cacheDir, 'some@1.2.3')
    mkdirSync(folder)
    writeFileSync(join(folder, 'installed'), '')
    process.env.PATH = ''
    expect(await installPeer(cacheDir, packages)).toBe(folder)
  })

  test('that cannot be had are refused with the reason, and half of one does not count', async () => {
    process.env.PATH = ''
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(installPeer(cacheDir, packages)).rejects.toMatchObject({
        code: 'PEER_NOT_HAD',
        message: expect.stringMatching(/^some cannot be installed: npm: /),
        hint: expect.any(String),
      })
    }
    expect(existsSync(join(cacheDir, 'some@1.2.3/installed'))).toBe(false)
  })

  test('the PostgreSQL on PATH is taken if it has what is needed', async () => {
    const [half, whole] = ['half', 'whole'].map((name) => join(cacheDir, name)) as [string, string]
    const program = (folder: string, name: string) =>
      writeFileSync(join(folder, name), '#!/bin/sh\necho "postgres (PostgreSQL) 15.18 (Debian)"\n', { mode: 0o755 })
    mkdirSync(half)
    mkdirSync(whole)
    program(half, 'postgres')
    for (const name of ['postgres', 'initdb']) program(whole, name)
    expect(await findPostgres(cacheDir, `${half}:${whole}`)).toEqual({ binDir: whole, env: {}, version: '15.18' })
  })

  test('without PostgreSQL and without apt DBOS is refused with the reason', async () => {
    process.env.PATH = ''
    await expect(findPostgres(cacheDir)).rejects.toMatchObject({
      code: 'PEER_NOT_HAD',
      message: expect.stringMatching(/^there is no PostgreSQL for DBOS: apt-cache: /),
    })
  })
})
