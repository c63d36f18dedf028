/** Models and rules as people handle them, on a running service. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { alerting, events, model, vehicle } from '@pitcrew/contracts'
import { trainRisk, type UnitHistory } from '@pitcrew/detection'
import { connectRpc, type RpcClient } from '@pitcrew/rpc'
import { eventually } from '@pitcrew/testing'
import { peerStates } from '../src/adapters/peer-states.ts'
import { startMs } from '../src/domain/measurement/generated-drive.ts'
import { platform, startAnalysis, type Analysis, type Platform } from './platform.ts'

let all: Platform
let service: Analysis
let models: RpcClient<typeof model.ModelServiceService>
let alerts: RpcClient<typeof alerting.AlertingServiceService>

beforeAll(async () => {
  all = await platform()
  service = await startAnalysis(all, { DATA_ANALYSIS_SURROUNDINGS_MS: '50' })
  const address = `127.0.0.1:${service.service.ports.grpc}`
  models = connectRpc(model.ModelServiceClient, address, { telemetry: service.telemetry })
  alerts = connectRpc(alerting.AlertingServiceClient, address, { telemetry: service.telemetry })
}, 60_000)

afterAll(async () => {
  models?.close()
  alerts?.close()
  await service?.stop()
  await all?.stop()
}, 60_000)

const hour = 3_600_000
const day = 24 * hour

/** In this fleet P1001 is followed by the failure of the pump within a day, P1002 by nothing. */
function fleet(): UnitHistory[] {
  return Array.from({ length: 40 }, (_, unit) => ({
    unit: `u${unit}`,
    statics: { model: 'van', ageYears: 3 },
    observed: { fromMs: startMs - 400 * day, toMs: startMs },
    events: Array.from({ length: 6 }, (_, i) => startMs - (380 - i * 60 - unit) * day).flatMap((atMs) => [
      { kind: 'codes' as const, atMs, codes: ['P1001'] },
      { kind: 'failure' as const, atMs: atMs + 20 * hour, component: 'pump' },
      { kind: 'maintenance' as const, atMs: atMs + 20 * hour, components: ['pump'] },
      { kind: 'codes' as const, atMs: atMs + 10 * day, codes: ['P1002'] },
    ]),
  }))
}

function artefact(version: string): string {
  const card = {
    name: 'pumps',
    kind: 'risk',
    version,
    trainedAt: new Date(startMs).toISOString(),
    data: { description: 'a fleet', units: 40, rows: 960, sha256: 'ab' },
    metrics: { recall: 1 },
    parameters: {},
  }
  return JSON.stringify({ card, serves: { systems: { pump: 'COOLING' } }, model: trainRisk(fleet()) })
}

/** A minute of frames with a code that the table does not hold. */
const withCode = (code: string, fromMs = startMs) =>
  Array.from({ length: 60 }, (_, i) => ({ timeMs: fromMs + i * 1_000, values: { 'Vehicle.Speed': 50 }, dtcs: [code] }))

const alertsOf = async (vehicleId: string) => (await alerts.findAlerts({ vehicleId, statuses: [], limit: 10 })).alerts

const analysed = (vehicleId: string, frames: number) =>
  eventually(async () => expect((await service.rpc.getVehicleHealth({ vehicleId })).frames).toBe(frames), {
    timeoutMs: 15_000,
  })

test('N3 a model is registered, tried, rolled out and taken back, and every step is in the audit', async () => {
  await all.publish(1, 'before-1', withCode('P1001'))
  await analysed('before-1', 60)
  expect(await alertsOf('before-1')).toEqual([])

  const first = artefact('1')
  const registered = await models.registerModel({ artefact: first, subject: 'ann' })
  expect(registered.model).toMatchObject({
    name: 'pumps',
    kind: 'risk',
    status: model.ModelStatus.REGISTERED,
    share: 0,
  })
  expect(await models.registerModel({ artefact: first, subject: 'ann' })).toEqual(registered)
  const changed = first.replace('"a fleet"', '"another"')
  await expect(models.registerModel({ artefact: changed, subject: 'ann' })).rejects.toMatchObject({
    code: 'MODEL_EXISTS',
  })
  await expect(models.registerModel({ artefact: '{}', subject: 'ann' })).rejects.toMatchObject({
    code: 'MODEL_INVALID',
  })

  const wish = { name: 'pumps', version: '1', share: 100, subject: 'bob', reason: '', skipCanary: false }
  await expect(models.rollOutModel(wish)).rejects.toMatchObject({ code: 'CANARY_FIRST' })
  await expect(models.rollOutModel({ ...wish, skipCanary: true })).rejects.toMatchObject({ code: 'NO_REASON' })
  const tried = await models.rollOutModel({ ...wish, share: 50 })
  expect(tried.model).toMatchObject({ status: model.ModelStatus.CANARY, share: 50, record: { alerts: 0 } })
  await models.rollOutModel({ ...wish, skipCanary: true, reason: 'nothing else serves' })

  // The very frames that said nothing to the detectors: the model is known within its refresh.
  let vehicles = 0
  await eventually(
    async () => {
      const vehicleId = `served-${vehicles++}`
      await all.publish(1, vehicleId, withCode('P1001'))
      await analysed(vehicleId, 60)
      expect(await alertsOf(vehicleId)).toMatchObject([
        {
          status: alerting.AlertStatus.OPEN,
          alert: { system: vehicle.VehicleSystem.COOLING, evidence: [{ detector: 'risk-model' }] },
        },
      ])
    },
    { timeoutMs: 20_000 },
  )
  const [found] = (await models.listModels({ name: '' })).models
  expect(found).toMatchObject({ status: model.ModelStatus.STABLE, share: 100, record: { alerts: 1 } })

  expect(await models.rollBackModel({ name: 'pumps', subject: 'bob', reason: 'only a trial' })).toEqual({
    model: undefined,
  })
  const { audit } = await models.getModel({ name: 'pumps', version: '1' })
  expect(audit.map(({ action, subject, reason }) => [action, subject, reason])).toEqual([
    ['model.rolled-back', 'bob', 'only a trial'],
    ['model.rolled-out', 'bob', 'nothing else serves'],
    ['model.rolled-out', 'bob', ''],
    ['model.registered', 'ann', ''],
  ])
}, 90_000)

test('L3 a rule keeps a code of a model of vehicles from being told; an alert is acknowledged once; both are audited', async () => {
  const etios = vehicle.Vehicle.fromPartial({ vehicleId: 'quiet-1', model: 'etios' })
  await all.ingest.publish(events.vehicleRegistered, 'quiet-1', etios)
  const rule = alerting.Rule.fromPartial({
    ruleId: 'bulletin-1',
    effect: alerting.RuleEffect.IGNORE,
    vehicleModel: 'etios',
    feature: 'P0217',
    reason: 'false on this model',
  })
  await expect(
    alerts.putRule({ rule: { ...rule, feature: '', vehicleModel: '' }, subject: 'ann' }),
  ).rejects.toMatchObject({
    code: 'BAD_RULE',
  })
  expect((await alerts.putRule({ rule, subject: 'ann' })).rule).toMatchObject({ subject: 'ann' })
  expect((await alerts.listRules({})).rules).toMatchObject([{ ruleId: 'bulletin-1', vehicleModel: 'etios' }])

  await eventually(async () =>
    expect(await all.sql.query(`select 1 from analysis.vehicle where vehicle_id = 'quiet-1'`)).toHaveLength(1),
  )
  await all.publish(2, 'loud-1', withCode('P0217'))
  await eventually(async () => expect(await alertsOf('loud-1')).toHaveLength(1), { timeoutMs: 15_000 })
  await all.publish(2, 'quiet-1', withCode('P0217'))
  await analysed('quiet-1', 60)
  expect(await alertsOf('quiet-1')).toEqual([])

  const [{ alert }] = (await alertsOf('loud-1')) as [alerting.AlertRecord]
  const known = await alerts.acknowledgeAlert({ alertId: alert!.alertId, subject: 'eve', note: 'driver told' })
  expect(known.alert?.acknowledged).toMatchObject({ subject: 'eve', note: 'driver told' })
  const again = await alerts.acknowledgeAlert({ alertId: alert!.alertId, subject: 'zoe', note: 'me too' })
  expect(again).toEqual(known)
  await expect(alerts.acknowledgeAlert({ alertId: 'none', subject: 'eve', note: '' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  await alerts.endRule({ ruleId: 'bulletin-1', subject: 'ann', reason: 'update out' })
  await expect(alerts.endRule({ ruleId: 'bulletin-1', subject: 'ann', reason: '' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  const { entries } = await alerts.listAudit({ object: '', limit: 3 })
  expect(entries.map(({ action, subject }) => [action, subject])).toEqual([
    ['rule.ended', 'ann'],
    ['alert.acknowledged', 'eve'],
    ['rule.put', 'ann'],
  ])
}, 60_000)

test('C4 peers of a model are read from what is stored of its vehicles', async () => {
  const read = await peerStates(all.sql).latest(5)
  expect(read.map(({ vehicleModel }) => vehicleModel)).toEqual(['etios'])
  expect(read[0]!.monitors).toEqual({})
})
