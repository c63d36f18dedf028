import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { alerting, events, maintenance, scheduling, vehicle, type analysis } from '@pitcrew/contracts'
import { connectRpc, type RpcClient } from '@pitcrew/rpc'
import { eventually } from '@pitcrew/testing'
import { healthy } from './drives.ts'
import { collect, platform, startAnalysis, type Analysis, type Platform, type Seen } from './platform.ts'

let all: Platform
let service: Analysis
let desk: RpcClient<typeof maintenance.MaintenanceServiceService>
let alerts: RpcClient<typeof alerting.AlertingServiceService>
let raised: Seen<analysis.Alert>[]

beforeAll(async () => {
  all = await platform()
  service = await startAnalysis(all, { DATA_ANALYSIS_USAGE_MS: '100', DATA_ANALYSIS_SURROUNDINGS_MS: '50' })
  const { telemetry, service: running } = service
  const address = `127.0.0.1:${running.ports.grpc}`
  desk = connectRpc(maintenance.MaintenanceServiceClient, address, { telemetry })
  alerts = connectRpc(alerting.AlertingServiceClient, address, { telemetry })
  raised = await collect(all.orchestrator, events.alertRaised, 'seen-alerts')
}, 60_000)

afterAll(async () => {
  desk.close()
  alerts.close()
  await service.stop()
  await all.stop()
}, 60_000)

const odometer = 'Vehicle.TraveledDistance'
const register = (vehicleId: string, inServiceDate: string) =>
  all.ingest.publish(
    events.vehicleRegistered,
    vehicleId,
    vehicle.Vehicle.fromPartial({ vehicleId, model: 'Falcon', inServiceDate }),
  )
const plan = maintenance.Plan.fromPartial({
  planId: 'oil',
  what: 'oil service',
  vehicleModel: 'Falcon',
  everyKm: 15_000,
  everyMonths: 12,
  system: vehicle.VehicleSystem.LUBRICATION,
  component: 'engine oil',
  parts: ['oil filter'],
  labourHours: 0.7,
  reason: 'by the book',
})
const dueOf = async (vehicleId: string, states = Object.values(maintenance.DueState).slice(1)) =>
  (await desk.listDue({ vehicleId, planId: '', states, limit: 10 })).due[0]
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
/** Minutes from `fromMinute` on, at so many kilometres, one frame a second, by the clock of now. */
const drive = (fromMinute: number, km: number, minutes = 2) =>
  healthy(minutes).map((frame, index) => ({
    ...frame,
    timeMs: Date.now() - 1_800_000 + fromMinute * 60_000 + index * 500,
    values: { ...frame.values, [odometer]: km * 1_000 },
  }))
const alertsOf = (vehicleId: string) => raised.filter(({ message }) => message.vehicleId === vehicleId)

test('L3 a service that is due opens one case, and the visit that does it ends it', async () => {
  await register('truck-1', daysAgo(100).slice(0, 10))
  await register('parked-1', daysAgo(350).slice(0, 10))
  const put = await desk.putPlan({ plan, subject: 'ada' })
  expect(put.plan).toMatchObject({ planId: 'oil', subject: 'ada', noticeShare: 0.1 })
  await all.publish(1, 'truck-1', drive(0, 100_000))
  await eventually(async () => expect((await dueOf('truck-1'))?.remainingKm).toBe(15_000), { timeoutMs: 20_000 })
  expect(await dueOf('truck-1')).toMatchObject({ state: maintenance.DueState.SCHEDULED, silent: false, alertId: '' })

  // It was done long ago by another workshop, as is learned now: by distance it is over.
  const recorded = await desk.recordDone({
    planId: 'oil',
    vehicleId: 'truck-1',
    at: daysAgo(90),
    odometerKm: 84_000,
    engineHours: undefined,
    note: 'paper invoice',
    subject: 'ada',
  })
  expect(recorded.due).toMatchObject({
    state: maintenance.DueState.OVERDUE,
    first: maintenance.DueMeasure.DISTANCE,
    remainingKm: -1_000,
    lastDone: { source: maintenance.DoneSource.RECORDED },
  })
  // Frames reach a vehicle after its surroundings have been read again.
  let minute = 3
  await eventually(
    async () => {
      await all.publish(1, 'truck-1', drive(minute++, 100_000, 1))
      expect(alertsOf('truck-1')).toHaveLength(1)
    },
    { timeoutMs: 20_000 },
  )
  const { message } = alertsOf('truck-1')[0]!
  expect(message).toMatchObject({
    system: vehicle.VehicleSystem.LUBRICATION,
    urgency: vehicle.Urgency.MEDIUM,
    evidence: [{ detector: 'planned-maintenance', explanation: expect.stringContaining('1000 km over') }],
  })
  expect(await dueOf('truck-1')).toMatchObject({ alertId: message.alertId, alertOutcome: '' })

  const visit = scheduling.VisitCompleted.fromPartial({
    caseId: message.alertId,
    vehicleId: 'truck-1',
    at: new Date().toISOString(),
    workOrder: {
      repaired: true,
      failureModeFound: 'oil-level-low',
      componentReplaced: 'Engine oil',
      odometerKm: 100_000,
    },
  })
  await all.scheduling.publish(events.visitCompleted, message.alertId, visit)
  await eventually(async () =>
    expect(await dueOf('truck-1')).toMatchObject({
      state: maintenance.DueState.SCHEDULED,
      remainingKm: 15_000,
      lastDone: { source: maintenance.DoneSource.VISIT, odometerKm: 100_000 },
      alertId: '',
    }),
  )
  const frames = drive(minute + 1, 100_000, 2)
  await all.publish(1, 'truck-1', frames)
  await eventually(async () =>
    expect((await service.rpc.getVehicleHealth({ vehicleId: 'truck-1' })).lastDeviceTime).toBe(
      new Date(frames.at(-1)!.timeMs).toISOString(),
    ),
  )
  expect(await all.sql.query('select 1 from analysis.settlement')).toEqual([])
  expect(alertsOf('truck-1')).toHaveLength(1)
}, 60_000)

test('L3 a vehicle that sends nothing is listed by date, and no alert tells of it', async () => {
  const due = await dueOf('parked-1', [])
  expect(due).toMatchObject({
    vehicleId: 'parked-1',
    state: maintenance.DueState.DUE,
    first: maintenance.DueMeasure.DATE,
    silent: true,
    alertId: '',
  })
  expect(alertsOf('parked-1')).toEqual([])
}, 30_000)

test('L3 who was told and declined is listed as due, and not told again', async () => {
  await all.sql.query(
    `insert into analysis.alert (alert_id, vehicle_id, partition, system, status, outcome, revision, raised_at, features, content, snapshot)
     values ('declined-1', 'parked-1', 2, 'LUBRICATION', 'ended', 'declined', 1, now(), '{planned-oil}', '{}', '{}')`,
  )
  const frames = drive(0, 50_000, 3)
  await all.publish(2, 'parked-1', frames)
  await eventually(async () =>
    expect((await service.rpc.getVehicleHealth({ vehicleId: 'parked-1' })).frames).toBe(frames.length),
  )
  expect(await dueOf('parked-1')).toMatchObject({
    state: maintenance.DueState.DUE,
    alertId: 'declined-1',
    alertOutcome: 'declined',
  })
  expect(alertsOf('parked-1')).toEqual([])
}, 30_000)

test('L3 plans are audited, and what nobody knows is NOT_FOUND', async () => {
  await expect(desk.endPlan({ planId: 'tyres', subject: 'ada', reason: '' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  const nobody = { planId: 'oil', vehicleId: 'nobody', at: undefined, odometerKm: undefined, engineHours: undefined }
  await expect(desk.recordDone({ ...nobody, note: '', subject: 'ada' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const future = { ...nobody, vehicleId: 'truck-1', at: new Date(Date.now() + 86_400_000).toISOString() }
  await expect(desk.recordDone({ ...future, note: '', subject: 'ada' })).rejects.toMatchObject({ code: 'BAD_RECORD' })
  await expect(desk.putPlan({ plan: { ...plan, everyKm: 0, everyMonths: 0 }, subject: 'ada' })).rejects.toMatchObject({
    code: 'BAD_PLAN',
  })
  await desk.endPlan({ planId: 'oil', subject: 'ada', reason: 'sold' })
  expect((await desk.listPlans({})).plans).toEqual([])
  const { entries } = await alerts.listAudit({ object: 'plan oil', limit: 10 })
  expect(entries.map(({ action, reason }) => [action, reason])).toEqual([
    ['plan.ended', 'sold'],
    ['plan.done', 'paper invoice'],
    ['plan.put', 'by the book'],
  ])
}, 30_000)
