import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { brokerHealer } from './broker-healer.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pitcrew-healer-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('N1 a broker that met a full disk is started anew when there is room, once', () => {
  const logFile = join(folder, 'nats-server.log')
  writeFileSync(logFile, '[ERR] Critical write error: of the run before\n')
  let free = 0
  let restarts = 0
  const healer = brokerHealer({ logFile, freeBytes: () => free, restart: () => restarts++ })
  healer.look()
  expect(healer.sick()).toBe(false)

  appendFileSync(logFile, '[INF] all is well\n[ERR] Critical write error: no space left on device\n')
  healer.look()
  expect([healer.sick(), restarts]).toEqual([true, 0])
  free = 1024 ** 3
  healer.look()
  healer.look()
  expect([healer.sick(), restarts]).toEqual([false, 1])

  writeFileSync(logFile, '[WRN] no space left on device\n')
  healer.look()
  expect(restarts).toBe(2)
})
