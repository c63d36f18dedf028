import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Gateway } from '../src/api/gateway.ts'
import { postFrames } from '../src/api/ingest.ts'
import { startPlatform } from '../src/index.ts'
import { pitcrew } from './command-line.ts'

let dataDir: string
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'pitcrew-up-'))))
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

/** Nothing of the machine that runs the tests: no ports, no addresses. */
const clean = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' }

describe('N10 an all-in-one', () => {
  test('starts in the background with one command, runs once for a folder, and ends with one', async () => {
    const place = ['--data', dataDir]
    const up = () => pitcrew(['up', '--detach', '--ports', 'free', '--vehicles', '2', ...place])
    const first = await up()
    try {
      expect(first).toMatchObject({ code: 0, stderr: '' })
      expect(first.stdout).toMatch(/✓ broker +\d+\.\d s {2}nats-server 2\./)
      expect(first.stdout).toMatch(/Pitcrew runs after/)
      expect(await up()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^a platform runs on .* already/) })

      const { urls } = JSON.parse(readFileSync(join(dataDir, 'platform.json'), 'utf8')) as {
        urls: Record<string, string>
      }
      expect(Object.keys(urls)).toEqual(expect.arrayContaining(['gateway', 'docs', 'ingest', 'mail', 'simulator']))
      const status = await pitcrew(['status', '--json', ...place])
      expect(JSON.parse(status.stdout)).toMatchObject({ url: urls.gateway, statistics: { failed: 0 } })

      const taken = join(dataDir, 'beside')
      const ports = { GATEWAY_HTTP_PORT: new URL(urls.gateway!).port }
      const beside = await pitcrew(['up', '--detach', '--data', taken, '--ports', 'free'], ports)
      expect(beside.code).toBe(1)
      expect(beside.stderr).toMatch(/^PORT_TAKEN: .*GATEWAY_HTTP_PORT\n {2}next: set GATEWAY_HTTP_PORT/)
    } finally {
      expect(await pitcrew(['down', ...place])).toMatchObject({ code: 0, stdout: expect.stringContaining('stopped') })
    }
    expect(existsSync(join(dataDir, 'platform.json'))).toBe(false)
    expect(await pitcrew(['down', ...place])).toMatchObject({ stdout: expect.stringMatching(/^no platform/) })
  }, 120_000)

  test('N1 outlives a crash of its broker: it is started again and telemetry is accepted', async () => {
    const platform = await startPlatform({ dataDir, ports: 'free', simulator: false, env: clean })
    try {
      const frame = (timeMs: number) => ({ timeMs, values: { 'Vehicle.Speed': 50 } })
      const now = Date.now()
      expect(await postFrames(platform.urls.ingest!, 'v1', [frame(now - 1000)])).toMatchObject({ acceptedFrames: 1 })
      platform.broker!.crash()
      expect(await postFrames(platform.urls.ingest!, 'v1', [frame(now)])).toMatchObject({ acceptedFrames: 1 })
      expect(await new Gateway(platform.urls.gateway!).statistics()).toMatchObject({ total: 0 })
    } finally {
      await platform.stop()
    }
  }, 120_000)
})
