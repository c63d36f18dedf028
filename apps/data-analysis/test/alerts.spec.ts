import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { events, scheduling, vehicle, workflow, type analysis } from '@pitcrew/contracts'
import { inSpan, type Telemetry } from '@pitcrew/observability'
import { eventually } from '@pitcrew/testing'
import { healthy, overheating, stateAfter } from './drives.ts'
import { collect, platform, startAnalysis, type Analysis, type Platform, type Seen } from './platform.ts'

let all: Platform
let service: Analysis
let raised: Seen<analysis.Alert>[]

beforeAll(async () => {
  all = await platform()
  service = await startAnalysis(all)
  raised = await collect(all.orchestrator, events.alertRaised, 'seen-alerts')
}, 60_000)

afterAll(async () => {
  await service.stop()
  await all.stop()
}, 60_000)

const alertsOf = (vehicleId: string) => raised.filter(({ message }) => message.vehicleId === vehicleId)
const framesMetric = (treatment: string, count: number) =>
  new RegExp(`^pitcrew_analysis_frames_total\\{[^}]*treatment="${treatment}"[^}]*\\} ${count}$`, 'm')
const framesOf = async (vehicleId: string) => (await service.rpc.getVehicleHealth({ vehicleId })).frames
const analysed = (vehicleId: string, frames: number) =>
  eventually(async () => expect(await framesOf(vehicleId)).toBe(frames), { timeoutMs: 20_000 })

describe('telemetry to alert', () => {
  test('L2 L3 an overheating vehicle raises one alert, in the trace of its telemetry', async () => {
    const frames = overheating()
    const traceId = await inSpan(
      (all.ingest as unknown as { telemetry: Telemetry }).telemetry,
      'a drive',
      {},
      async (span) => {
        await all.publish(3, 'hot-1', frames)
        return span.spanContext().traceId
      },
    )
    await analysed('hot-1', frames.length)
    await eventually(() => expect(alertsOf('hot-1')).toHaveLength(1))
    const [{ id, message, traceparent }] = alertsOf('hot-1') as [Seen<analysis.Alert>]
    expect(message).toMatchObject({
      vehicleId: 'hot-1',
      system: vehicle.VehicleSystem.COOLING,
      urgency: vehicle.Urgency.CRITICAL,
      revision: 1,
    })
    expect(message.alertId).toMatch(/^hot-1-cooling-[0-9a-z]+$/)
    expect(id).toBe(`${message.alertId}:1`)
    expect(message.evidence[0]).toMatchObject({
      signal: expect.stringContaining('EngineCoolant'),
      detector: expect.any(String),
    })
    expect(message.timeToFailure!.lowerHours).toBeLessThan(24)
    expect(traceparent?.split('-')[1]).toBe(traceId)

    const health = await service.rpc.getVehicleHealth({ vehicleId: 'hot-1' })
    expect(health.lastDeviceTime).toBe(new Date(frames.at(-1)!.timeMs).toISOString())
    expect(health.openAlerts).toMatchObject([{ alertId: message.alertId }])
    const cooling = health.systems.find(({ system }) => system === vehicle.VehicleSystem.COOLING)
    expect(cooling?.hazard).toBeGreaterThan(0.5)
    expect(health.systems.find(({ system }) => system === vehicle.VehicleSystem.CHARGING)).toMatchObject({ hazard: 0 })
  }, 60_000)

  test('L3 a healthy vehicle raises none, and a vehicle that nobody knows is NOT_FOUND', async () => {
    const frames = healthy()
    await all.publish(5, 'well-1', frames)
    await analysed('well-1', frames.length)
    expect((await service.rpc.getVehicleHealth({ vehicleId: 'well-1' })).openAlerts).toEqual([])
    expect(alertsOf('well-1')).toEqual([])
    await expect(service.rpc.getVehicleHealth({ vehicleId: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await all.ingest.publish(
      events.vehicleRegistered,
      'parked-1',
      vehicle.Vehicle.fromPartial({ vehicleId: 'parked-1' }),
    )
    await eventually(async () => expect(await framesOf('parked-1')).toBe(0))
  }, 60_000)

  test('N1 every frame delivered a second time changes nothing', async () => {
    const frames = overheating(20)
    await all.publish(7, 'twice-1', frames)
    await analysed('twice-1', frames.length)
    await eventually(() => expect(alertsOf('twice-1')).toHaveLength(1))
    await service.stop()
    await all.orchestrator.connection.request('$JS.API.CONSUMER.DELETE.TELEMETRY.data-analysis_analysis-7')
    service = await startAnalysis(all)
    await all.publish(7, 'after-1', healthy(1))
    await analysed('after-1', 120)
    const [row] = await all.sql.query<{ state: string }>(
      `select state from analysis.vehicle_state where vehicle_id = 'twice-1'`,
    )
    expect(JSON.parse(row!.state)).toEqual(stateAfter('twice-1', frames))
    const metrics = await service.telemetry.metricsText()
    expect(metrics).toMatch(framesMetric('repeated', frames.length))
    expect(await all.sql.query('select 1 from analysis.outbox')).toEqual([])
    expect(alertsOf('twice-1')).toHaveLength(1)
  }, 60_000)

  test('N1 a frame older than the newest of its vehicle is counted, not analysed', async () => {
    const frames = healthy(1)
    await all.publish(8, 'late-1', frames)
    await analysed('late-1', frames.length)
    await all.publish(8, 'late-1', [{ ...frames[3]!, timeMs: frames[3]!.timeMs + 1 }])
    await eventually(async () => {
      const [row] = await all.sql.query<{ state: string }>(
        `select state from analysis.vehicle_state where vehicle_id = 'late-1'`,
      )
      expect(JSON.parse(row!.state)).toEqual({ ...stateAfter('late-1', frames), lateFrames: 1 })
    })
    expect(await service.telemetry.metricsText()).toMatch(framesMetric('late', 1))
  }, 60_000)
})

describe('a case and its alert', () => {
  const statusOf = async (alertId: string) =>
    (
      await all.sql.query<{ status: string; outcome: string }>(
        'select status, outcome from analysis.alert where alert_id = $1',
        [alertId],
      )
    )[0]
  const settled = () =>
    eventually(async () => expect(await all.sql.query('select 1 from analysis.settlement')).toEqual([]))
  const ends = (caseId: string, outcome: string) =>
    all.orchestrator.publish(
      events.caseChanged,
      caseId,
      workflow.CaseChanged.fromPartial({ case: { caseId, outcome, status: workflow.WorkflowStatus.COMPLETED } }),
    )
  const later = (frames: ReturnType<typeof overheating>, hours: number) =>
    frames.map((frame) => ({ ...frame, timeMs: frame.timeMs + hours * 3_600_000 }))

  async function alarmed(partition: number, vehicleId: string): Promise<string> {
    const frames = overheating(20)
    await all.publish(partition, vehicleId, frames)
    await analysed(vehicleId, frames.length)
    await eventually(() => expect(alertsOf(vehicleId)).toHaveLength(1))
    return alertsOf(vehicleId)[0]!.message.alertId
  }

  test('L7 after a repair the system may raise another alert, and the repair is part of the history', async () => {
    const alertId = await alarmed(1, 'mended-1')
    const completed = scheduling.VisitCompleted.fromPartial({
      caseId: alertId,
      vehicleId: 'mended-1',
      at: new Date().toISOString(),
      workOrder: { repaired: true, failureModeFound: 'coolant-leak', componentReplaced: 'coolant hose', odometerKm: 9 },
    })
    await all.scheduling.publish(events.visitCompleted, alertId, completed)
    await ends(alertId, 'repaired')
    await eventually(async () => expect(await statusOf(alertId)).toEqual({ status: 'ended', outcome: 'repaired' }))
    await eventually(async () =>
      expect(await all.sql.query('select failure_mode from analysis.repair where case_id = $1', [alertId])).toEqual([
        { failure_mode: 'coolant-leak' },
      ]),
    )
    const again = later(overheating(20), 48)
    await all.publish(1, 'mended-1', again)
    await eventually(() => expect(alertsOf('mended-1')).toHaveLength(2), { timeoutMs: 20_000 })
    expect(alertsOf('mended-1')[1]!.message.alertId).not.toBe(alertId)
    await settled()
  }, 60_000)

  test('L4 a customer who declined is not asked again about the same evidence', async () => {
    const alertId = await alarmed(2, 'declined-1')
    await ends(alertId, 'declined')
    await eventually(async () => expect(await statusOf(alertId)).toEqual({ status: 'ended', outcome: 'declined' }))
    const again = later(overheating(20), 24)
    await all.publish(2, 'declined-1', again)
    await analysed('declined-1', overheating(20).length + again.length)
    await settled()
    expect(alertsOf('declined-1')).toHaveLength(1)
    expect((await service.rpc.getVehicleHealth({ vehicleId: 'declined-1' })).openAlerts).toEqual([])
  }, 60_000)
})
