import { cpSync, mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Gateway } from '../src/api/gateway.ts'
import { startPlatform } from '../src/index.ts'
import { writeState, removeState } from '../src/platform/state-file.ts'
import { pitcrew } from './command-line.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pitcrew-cli-backup-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Nothing of the machine that runs the tests: no ports, no addresses. */
const clean = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' }
const start = (dataDir: string) => startPlatform({ dataDir, ports: 'free', simulator: false, env: clean })
const run = (...args: string[]) => pitcrew(args, { NATS_URL: '', DATABASE_URL: '' })

const vehicle = {
  vehicleId: 'kept-1',
  vin: '1HGCM82633A004352',
  model: 'live',
  modelYear: 2021,
  buildMonth: '2021-03',
  plant: 'A',
  inServiceDate: '2021-06-01',
}

async function registered(gateway: string): Promise<string[]> {
  const answer = (await (await fetch(`${gateway}/v1/vehicles`)).json()) as { vehicles: { vehicleId: string }[] }
  return answer.vehicles.map(({ vehicleId }) => vehicleId)
}

describe('C5 backing up an all-in-one', () => {
  test('C5 while it runs, and restored into a new folder it knows what it knew', async () => {
    const dataDir = join(folder, 'data')
    const place = join(folder, 'backups')
    const platform = await start(dataDir)
    try {
      const body = JSON.stringify(vehicle)
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${platform.urls.gateway}/v1/vehicles`, { method: 'POST', headers, body })
      expect(answer.ok).toBe(true)
      writeState(dataDir, platform.urls)
      const made = await run('backup', 'create', place, '--data', dataDir)
      expect(made).toMatchObject({ code: 0, stderr: '' })
      expect(made.stdout).toMatch(/✓ stream WORKFLOW_LOG_0: .*✓ schema ingest: [1-9]/s)
      expect((await run('workflows', 'verify', '--data', dataDir)).stdout).toMatch(/^0 +\d+ .* sound$/m)
      expect(await run('backup', 'restore', place, '--data', dataDir)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^PLATFORM_RUNS/),
      })
    } finally {
      removeState(dataDir)
      await platform.stop()
    }

    const verified = await run('backup', 'verify', place, '--json')
    expect(JSON.parse(verified.stdout)).toMatchObject({ whole: true, damaged: [], partitions: [{ damaged: null }, {}] })
    const restored = join(folder, 'restored')
    expect(await run('backup', 'restore', place, '--data', restored)).toMatchObject({ code: 0, stderr: '' })
    const again = await run('backup', 'restore', place, '--data', restored)
    expect(again).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^NOT_EMPTY: .*\n {2}next: .*nothing was changed/),
    })

    cpSync(join(dataDir, 'secrets', 'engagement-master.key'), join(restored, 'secrets', 'engagement-master.key'))
    const next = await start(restored)
    try {
      expect(await registered(next.urls.gateway!)).toContain('kept-1')
      expect(await new Gateway(next.urls.gateway!).verifyAudit()).toMatchObject({ intact: true })
    } finally {
      await next.stop()
    }
  }, 240_000)

  test('C5 what is damaged is named, with code 1; what is no backup is refused', async () => {
    const place = join(folder, 'backups')
    const data = join(folder, 'data')
    const made = await run('backup', 'create', place, '--data', data, '--without-sql', '--json')
    expect(made.code).toBe(0)
    const { backup } = JSON.parse(made.stdout) as { backup: string }
    expect((await run('backup', 'list', place)).stdout).toMatch(/^\d{8}T\d{9}Z +whole /m)
    truncateSync(join(backup, 'manifest.json'), 40)
    expect(await run('backup', 'verify', backup)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^MANIFEST_DAMAGED/),
    })
    expect((await run('backup', 'list', place)).stdout).toMatch(/damaged/)
    expect(await run('backup', 'verify', folder)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^NO_BACKUP/),
    })
    expect(await run('backup', 'prune', place, '--keep', 'none')).toMatchObject({ code: 2 })
    expect(await run('workflows', 'verify', '--data', data)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^NO_LOG/),
    })
  }, 120_000)
})
