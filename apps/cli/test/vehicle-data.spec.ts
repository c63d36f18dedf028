/** What people do with devices, models and alerts, all by the command line. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { dataAnalysisService } from '@pitcrew/data-analysis'
import { gatewayService } from '@pitcrew/gateway'
import { startService } from '@pitcrew/service'
import { telematicsIngestService } from '@pitcrew/telematics-ingest'
import { eventually, testBroker, testDatabase, testTelemetry } from '@pitcrew/testing'
import { pitcrew } from './command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'pitcrew-cli-models-'))
const closing: (() => Promise<unknown>)[] = []
let url = ''
let ingestUrl = ''

beforeAll(async () => {
  const broker = await testBroker()
  closing.push(() => broker.stop())
  const database = await testDatabase()
  closing.push(() => database.stop())
  const common = { NATS_URL: broker.url, DATABASE_URL: database.url }
  const ports = (name: string) => ({ [`${name}_GRPC_PORT`]: '0', [`${name}_OPS_PORT`]: '0' })
  const analysis = await startService(dataAnalysisService, {
    env: { ...common, ...ports('DATA_ANALYSIS') },
    telemetry: testTelemetry('data-analysis'),
  })
  closing.push(() => analysis.stop())
  const ingest = await startService(telematicsIngestService, {
    env: { ...common, ...ports('TELEMATICS_INGEST'), TELEMATICS_INGEST_HTTP_PORT: '0', DEVICE_AUTH: 'required' },
    telemetry: testTelemetry('telematics-ingest'),
  })
  closing.push(() => ingest.stop())
  ingestUrl = `http://127.0.0.1:${ingest.ports.http}`
  const gateway = await startService(gatewayService, {
    env: {
      ...common,
      ...ports('GATEWAY'),
      GATEWAY_HTTP_PORT: '0',
      TELEMATICS_INGEST_ADDR: `127.0.0.1:${ingest.ports.grpc}`,
      DATA_ANALYSIS_ADDR: `127.0.0.1:${analysis.ports.grpc}`,
    },
    telemetry: testTelemetry('gateway'),
  })
  closing.push(() => gateway.stop())
  url = `http://127.0.0.1:${gateway.ports.http}`
}, 60_000)

afterAll(async () => {
  for (const close of closing.reverse()) await close()
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

const run = (...args: string[]) => pitcrew([...args, '--url', url])

/** Ten machines in which error1 is followed by the failure of comp1 a day later. */
function writeRecords(dir: string): void {
  mkdirSync(dir)
  const at = (day: number, hour: number) =>
    new Date(Date.UTC(2026, 0, 1 + day, hour)).toISOString().slice(0, 19).replace('T', ' ')
  const machines = Array.from({ length: 10 }, (_, i) => i + 1)
  const starts = machines.flatMap((machine) => [10, 50, 90, 130].map((day) => ({ machine, day: day + machine })))
  const table = (name: string, head: string, rows: string[]) =>
    writeFileSync(join(dir, name), `${[head, ...rows].join('\n')}\n`)
  table(
    'PdM_machines.csv',
    'machineID,model,age',
    machines.map((machine) => `${machine},model1,5`),
  )
  table(
    'PdM_errors.csv',
    'datetime,machineID,errorID',
    starts.flatMap(({ machine, day }) => [`${at(day, 6)},${machine},error1`, `${at(day + 20, 6)},${machine},error2`]),
  )
  table(
    'PdM_failures.csv',
    'datetime,machineID,failure',
    starts.map(({ machine, day }) => `${at(day + 1, 6)},${machine},comp1`),
  )
  table(
    'PdM_maint.csv',
    'datetime,machineID,comp',
    starts.map(({ machine, day }) => `${at(day + 1, 6)},${machine},comp1`),
  )
}

test('N3 a model is trained from records, registered, tried, promoted with a reason and taken back', async () => {
  const records = join(folder, 'records')
  writeRecords(records)
  const file = join(folder, 'model.json')
  const trained = await pitcrew([
    'train',
    'risk',
    '--data',
    records,
    '--name',
    'pumps',
    '--component',
    'comp1=cooling',
    '--out',
    file,
    '--json',
  ])
  expect(trained.code).toBe(0)
  const { card } = JSON.parse(trained.stdout) as { card: { version: string; metrics: { recall: number } } }
  expect(card.metrics.recall).toBeGreaterThan(0.9)

  expect((await run('models', 'list')).stdout).toMatch(/no model is registered/)
  expect(await run('models', 'register', file)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/serves nobody yet/),
  })
  expect(await run('models', 'promote', 'pumps', card.version)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^CANARY_FIRST/),
  })
  expect((await run('models', 'canary', 'pumps', card.version, '--share', '25')).stdout).toMatch(/25 % \(canary\)/)
  const reason = ['--skip-canary', '--reason', 'a trial fleet']
  expect((await run('models', 'promote', 'pumps', card.version, ...reason)).stdout).toMatch(/serves all/)
  expect((await run('models', 'list')).stdout).toMatch(/pumps +\S+ +risk +all/)
  expect((await run('models', 'show', 'pumps', card.version)).stdout).toMatch(
    /"recall".*model\.rolled-out.*a trial fleet/s,
  )
  expect((await run('models', 'rollback', 'pumps')).stdout).toMatch(/nothing of this name serves any more/)
  expect(await run('models', 'rollback', 'pumps')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^NOTHING_TO_ROLL_BACK/),
  })
}, 60_000)

test('N3 what cannot be trained on is refused with where it is wrong', async () => {
  const lives = join(folder, 'lives.txt')
  writeFileSync(lives, '1 1 0 0 100\n')
  const common = ['train', 'life', '--name', 'x', '--format', 'cmapss']
  const at = (...args: string[]) => pitcrew([...common, ...args])
  expect(await at('--data', lives, '--system', 'brakes')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/line 1/),
  })
  expect(await at('--data', lives, '--system', 'wings')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^BAD_USAGE/),
  })
  expect(await at('--data', join(folder, 'none'), '--system', 'brakes')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^DATA_SET_NOT_FOUND/),
  })
})

test('L3 a rule is put, listed and ended, and the audit knows why', async () => {
  expect((await run('alerts', 'list')).stdout).toMatch(/no alert/)
  expect((await run('alerts', 'rules')).stdout).toMatch(/no rule is in force/)
  const put = await run(
    'alerts',
    'ignore',
    'bulletin',
    '--model',
    'etios',
    '--evidence',
    'P0420',
    '--reason',
    'false until the update',
  )
  expect(put).toMatchObject({ code: 0, stderr: '' })
  await run('alerts', 'cap', 'brakes', '--system', 'brakes', '--at', 'high', '--reason', 'the workshop is full')
  const { stdout } = await run('alerts', 'rules')
  expect(stdout).toMatch(/bulletin +ignores +any +etios +any +P0420/)
  expect(stdout).toMatch(/brakes +caps at HIGH +any +any +BRAKES/)
  expect(await run('alerts', 'ignore', 'all', '--reason', 'too loud')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^BAD_RULE/),
  })
  await run('alerts', 'end-rule', 'bulletin', '--reason', 'update installed')
  expect((await run('alerts', 'rules')).stdout).not.toMatch(/bulletin/)
  expect((await run('alerts', 'audit', 'rule bulletin')).stdout).toMatch(
    /rule\.ended.*update installed.*rule\.put.*false until the update/s,
  )
  expect(await run('alerts', 'acknowledge', 'none')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^NOT_FOUND/),
  })
}, 60_000)

test('L1 a device is registered, sends with its key, gets a new one, and is refused once it is revoked', async () => {
  const send = async (device: string) => {
    const readings = [{ name: 'Vehicle.Speed', value: 50 }]
    const body = JSON.stringify({ frames: [{ vehicleId: 'truck-7', deviceTimeMs: Date.now(), readings }] })
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${device}` }
    return (await fetch(`${ingestUrl}/v1/telemetry`, { method: 'POST', headers, body })).status
  }
  const registered = await run('devices', 'register', 'box-7', '--vehicle', 'truck-7')
  expect(registered).toMatchObject({ code: 0, stderr: '' })
  const [, first = ''] = /Bearer (box-7\.\S+)/.exec(registered.stdout) ?? []
  expect(await send(first)).toBe(200)
  expect(await send('box-7.wrong')).toBe(401)
  const { key } = JSON.parse((await run('devices', 'rotate-key', 'box-7', '--json')).stdout) as { key: string }
  await eventually(async () => expect(await send(first)).toBe(401), { timeoutMs: 10_000 })
  expect(await send(`box-7.${key}`)).toBe(200)
  await run('devices', 'revoke', 'box-7')
  await eventually(async () => expect(await send(`box-7.${key}`)).toBe(401), { timeoutMs: 10_000 })
  expect((await run('devices', 'list')).stdout).toMatch(/box-7 +revoked +truck-7/)
}, 60_000)
