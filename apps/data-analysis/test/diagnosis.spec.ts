import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  agent,
  analysis,
  capabilities,
  diagnosis,
  events,
  scheduling,
  vehicle,
  type Capability,
} from '@pitcrew/contracts'
import { connectRpc } from '@pitcrew/rpc'
import type { Subscription } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'
import { healthy, overheating } from './drives.ts'
import { collect, platform, startAnalysis, type Analysis, type Platform } from './platform.ts'

let all: Platform
let service: Analysis
let inbox: Subscription
let alert: analysis.Alert
const results: agent.TaskResult[] = []
const peers = ['peer-0', 'peer-1', 'peer-2', 'peer-3', 'peer-4', 'peer-5']

beforeAll(async () => {
  all = await platform()
  service = await startAnalysis(all)
  inbox = await all.orchestrator.respond('workflow.results.0', {}, async (data) => {
    const reported = agent.ReportResultsRequest.decode(data)
    results.push(...reported.results)
    return agent.ReportResultsResponse.encode({ receptions: reported.results.map(() => ({})) }).finish()
  })
  const raised = await collect(all.orchestrator, events.alertRaised, 'seen-alerts')
  for (const vehicleId of ['sick-1', ...peers])
    await all.ingest.publish(
      events.vehicleRegistered,
      vehicleId,
      vehicle.Vehicle.fromPartial({ vehicleId, model: 'Falcon' }),
    )
  await Promise.all(peers.map((vehicleId) => all.publish(4, vehicleId, healthy(12))))
  await all.publish(4, 'sick-1', overheating())
  await eventually(() => expect(raised).toHaveLength(1), { timeoutMs: 20_000 })
  alert = raised[0]!.message
  await eventually(async () =>
    expect(await all.sql.query('select 1 from analysis.vehicle')).toHaveLength(peers.length + 1),
  )
}, 90_000)

afterAll(async () => {
  await inbox.stop()
  await service.stop()
  await all.stop()
}, 60_000)

let tasks = 0

/** As the engine would: the task on its subject, the answer with the partition's results. */
async function ask<I, O>(capability: Capability<I, O>, input: I): Promise<O> {
  const { output, failure } = await run(capability, input)
  expect(failure).toBeUndefined()
  return capability.response.fromJSON(JSON.parse(Buffer.from(output!).toString()))
}

async function run<I, O>(capability: Capability<I, O>, input: I): Promise<agent.TaskResult> {
  const workflowId = `${alert.alertId}-${++tasks}`
  const task = agent.Task.fromPartial({
    taskId: `${workflowId}/ask`,
    workflowId,
    capability: capability.name,
    attempt: 1,
    input: Buffer.from(JSON.stringify(capability.request.toJSON(input))),
  })
  await all.orchestrator.send(`task.${capability.name}.1`, agent.TaskBatch.encode({ tasks: [task] }).finish())
  return eventually(() => results.find(({ taskId }) => taskId === task.taskId) ?? false) as Promise<agent.TaskResult>
}

const about = () => ({ alertId: alert.alertId, vehicleId: alert.vehicleId, system: alert.system })
const nodes = [
  capabilities.signalEvidence,
  capabilities.faultCodes,
  capabilities.vehicleHistory,
  capabilities.fleetPeers,
  capabilities.similarFailures,
]
const examine = (iteration: number) => Promise.all(nodes.map((node) => ask(node, { ...about(), iteration })))
const ratio = ({ supports }: analysis.DiagnoseResponse, mode: string) =>
  supports.find(({ failureMode }) => failureMode === mode)?.likelihoodRatio ?? 1

describe('the tasks of a diagnosis', () => {
  test('C4 collect-evidence gives the alert’s evidence, the vehicle and the latest values of the system', async () => {
    const evidence = await ask(capabilities.collectEvidence, about())
    expect(evidence.vehicle).toMatchObject({ vehicleId: 'sick-1', model: 'Falcon' })
    expect(evidence.evidence).toEqual(alert.evidence)
    expect(evidence.timeToFailure).toEqual(alert.timeToFailure)
    expect(evidence.dtcs).toEqual([])
    const [coolant, ...others] = Object.entries(evidence.latest)
    expect(others).toEqual([])
    expect(coolant?.[0]).toContain('EngineCoolant.Temperature')
    expect(coolant?.[1]).toBeGreaterThan(95)
  })

  test('C4 the five nodes and the ranking name a loss of coolant, and the peers speak for a fault of this vehicle', async () => {
    const findings = await examine(1)
    expect(findings.map(({ node }) => node)).toEqual([
      'signal-evidence',
      'fault-codes',
      'vehicle-history',
      'fleet-peers',
      'similar-failures',
    ])
    const [signals, codes, , fleet] = findings as [
      analysis.DiagnoseResponse,
      analysis.DiagnoseResponse,
      analysis.DiagnoseResponse,
      analysis.DiagnoseResponse,
    ]
    expect(ratio(signals, 'thermostat-stuck-open')).toBeLessThan(0.5)
    expect(codes.summary).toBe('No code is active')
    expect(fleet.summary).toBe('Compared with 6 peers')
    expect(ratio(fleet, 'thermostat-stuck-open')).toBeLessThan(1)
    const ranked = await ask(
      capabilities.rankHypotheses,
      analysis.RankHypothesesRequest.fromPartial({ ...about(), iteration: 1, findings }),
    )
    expect(ranked.hypotheses[0]).toMatchObject({ failureMode: 'coolant-leak', skill: 'engine' })
    expect(ranked.hypotheses.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1)
    expect(ranked.nextQuestion).not.toBe('')
    expect(ranked.verdict).toMatchObject({ stop: ranked.confidence >= 0.7, strategy: { run: expect.anything() } })
    expect(ranked.passes).toMatchObject([{ confidence: ranked.confidence, window: 1, verdict: ranked.verdict }])
  })

  test('L3 urgency with the diagnosis known', async () => {
    const assessed = await ask(capabilities.assessUrgency, { ...about(), hypothesis: undefined })
    expect(assessed).toMatchObject({ urgency: vehicle.Urgency.CRITICAL, safetyRelevant: false })
    expect(assessed.timeToFailure).toEqual(alert.timeToFailure)
  })

  test('C4 a repair a hundred days ago is seen by the second pass only, in this vehicle and as a similar failure', async () => {
    const at = new Date(Date.now() - 100 * 86_400_000).toISOString()
    await all.sql.query(
      `insert into analysis.alert (alert_id, vehicle_id, partition, system, status, revision, raised_at, features, content, snapshot)
       values ('old', 'sick-1', 4, 'COOLING', 'open', 1, $1, '{coolant-hot}', '{}', '{}')`,
      [at],
    )
    const visit = scheduling.VisitCompleted.fromPartial({
      caseId: 'old',
      vehicleId: 'sick-1',
      at,
      workOrder: { repaired: true, failureModeFound: 'water-pump-worn' },
    })
    await all.scheduling.publish(events.visitCompleted, 'old', visit)
    await eventually(async () => expect(await all.sql.query('select 1 from analysis.repair')).toHaveLength(1))
    const [, , history, , similar] = await examine(1)
    expect([history!.supports, similar!.supports]).toEqual([[], []])
    const [, , yearOfHistory, , yearOfCases] = await examine(2)
    expect(ratio(yearOfHistory!, 'water-pump-worn')).toBeLessThan(1)
    expect(ratio(yearOfCases!, 'water-pump-worn')).toBeGreaterThan(1)
  })

  test('C4 at any time the diagnosis can be asked for, and answers to its tests change it and are audited', async () => {
    const address = `127.0.0.1:${service.service.ports.grpc}`
    const desk = connectRpc(diagnosis.DiagnosisServiceClient, address, { telemetry: service.telemetry })
    const { alertId } = alert
    const before = (await desk.diagnoseAlert({ alertId })).diagnosis!
    expect(before.hypotheses.map(({ probability }) => probability).reduce((a, b) => a + b)).toBeCloseTo(1)
    expect(before.hypotheses[0]?.reasons?.speaksFor.join()).toContain('coolant-hot')
    expect(before.tests[0]).toMatchObject({ asks: 'driver', question: expect.stringContaining('?') })
    const say = { alertId, note: 'at the ramp', subject: 'mira' }
    await desk.answerTest({ ...say, test: 'fan-commanded', yes: false })
    const after = (await desk.answerTest({ ...say, test: 'fan-commanded', yes: true })).diagnosis!
    expect(after.hypotheses[0]).toMatchObject({ failureMode: 'radiator-fan-failed' })
    expect(after.answers).toMatchObject([{ test: 'fan-commanded', yes: true, subject: 'mira' }])
    expect(after.tests.map(({ test: name }) => name)).not.toContain('fan-commanded')
    const audited = await all.sql.query('select action, subject, reason from analysis.audit where object = $1', [
      `alert ${alertId}`,
    ])
    expect(audited).toEqual(Array(2).fill({ action: 'alert.answered', subject: 'mira', reason: 'at the ramp' }))
    await expect(desk.answerTest({ ...say, test: 'abs-lamp', yes: true })).rejects.toMatchObject({
      code: 'UNKNOWN_TEST',
    })
    await expect(desk.diagnoseAlert({ alertId: 'never' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    desk.close()
  })

  test('C4 an alert that nobody knows is refused as NOT_FOUND', async () => {
    const { failure } = await run(capabilities.signalEvidence, { ...about(), alertId: 'never', iteration: 1 })
    expect(failure).toMatchObject({ kind: 'terminal', code: 'NOT_FOUND' })
  })
})
