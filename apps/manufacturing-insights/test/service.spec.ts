import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { agent, events, manufacturing, vehicle } from '@pitcrew/contracts'
import type { Messaging } from '@pitcrew/messaging'
import { connectRpc, type RpcClient } from '@pitcrew/rpc'
import { startService, type RunningService } from '@pitcrew/service'
import {
  eventually,
  testBroker,
  testDatabase,
  testMessaging,
  testTelemetry,
  type TestBroker,
  type TestDatabase,
} from '@pitcrew/testing'
import { manufacturingInsightsService } from '../src/index.ts'

let broker: TestBroker
let database: TestDatabase
let service: RunningService
let rpc: RpcClient<typeof manufacturing.ManufacturingServiceService>
let ingest: Messaging
let orchestrator: Messaging
let gateway: Messaging

beforeAll(async () => {
  broker = await testBroker()
  database = await testDatabase()
  ingest = await testMessaging(broker, 'telematics-ingest')
  orchestrator = await testMessaging(broker, 'orchestrator')
  gateway = await testMessaging(broker, 'gateway')
  const env = {
    NATS_URL: broker.url,
    DATABASE_URL: database.url,
    MANUFACTURING_INSIGHTS_GRPC_PORT: '0',
    MANUFACTURING_INSIGHTS_OPS_PORT: '0',
  }
  service = await startService(manufacturingInsightsService, {
    env,
    telemetry: testTelemetry('manufacturing-insights'),
  })
  rpc = connectRpc(manufacturing.ManufacturingServiceClient, `127.0.0.1:${service.ports.grpc}`, {
    telemetry: testTelemetry('test'),
  })
}, 120_000)

afterAll(async () => {
  rpc.close()
  await service.stop()
  await Promise.all([ingest.drain(), orchestrator.drain(), gateway.drain()])
  await database.stop()
  await broker.stop()
}, 60_000)

const falcon = vehicle.Vehicle.fromPartial({
  vehicleId: 'v-1',
  model: 'Falcon',
  modelYear: 2024,
  buildMonth: '2024-03',
  plant: 'A',
  inServiceDate: '2024-06-17',
})

const request = manufacturing.RecordFailureRequest.fromPartial({
  caseId: 'case-1',
  vehicle: falcon,
  system: vehicle.VehicleSystem.COOLING,
  hypothesis: { failureMode: 'coolant-leak', component: 'radiator' },
  workOrder: {
    workOrderId: 'w',
    failureModeFound: 'coolant-leak',
    componentReplaced: 'radiator',
    odometerKm: 40_000,
    repaired: true,
  },
  feedback: { rating: 5 },
})

/** As the engine would: the task on its subject, the answer on the partition's inbox. */
function dispatch(attempt: number): void {
  const task = agent.Task.fromPartial({
    taskId: 'case-1/record-failure',
    workflowId: 'case-1',
    capability: 'manufacturing.record-failure',
    priority: agent.Priority.SCHEDULED,
    attempt,
    input: Buffer.from(JSON.stringify(manufacturing.RecordFailureRequest.toJSON(request))),
    partition: 0,
  })
  orchestrator.connection.publish(
    'task.manufacturing.record-failure.3',
    agent.TaskBatch.encode({ tasks: [task] }).finish(),
  )
}

describe('L6 L7 manufacturing-insights as a service', () => {
  test('L7 a repaired case ends as a failure with exposure, an announced CAPA and a summary, once', async () => {
    const results: agent.TaskResult[] = []
    const inbox = await orchestrator.respond('workflow.results.0', {}, async (data) => {
      const reported = agent.ReportResultsRequest.decode(data).results
      results.push(...reported)
      const receptions = reported.map(() => ({ refusal: undefined }))
      return agent.ReportResultsResponse.encode({ receptions }).finish()
    })
    const opened: manufacturing.Capa[] = []
    const listening = await gateway.consume(events.capaOpened, { durable: 'test' }, async ({ message }) => {
      opened.push(message.capa!)
    })
    for (let n = 1; n <= 4; n++)
      await ingest.publish(events.vehicleRegistered, `v-${n}`, { ...falcon, vehicleId: `v-${n}` })
    await eventually(async () => expect((await rpc.getSummary({})).vehicles).toBe(4))

    dispatch(1)
    dispatch(2)
    await eventually(() => expect(results).toHaveLength(2))
    const answers = results.map(
      ({ output }) => JSON.parse(Buffer.from(output!).toString()) as manufacturing.RecordFailureResponse,
    )
    expect(answers[0]).toEqual({ failureId: 'failure-case-1', capaId: 'CAPA-00001', capaOpened: true })
    expect(answers[1]).toEqual(answers[0])

    await eventually(() =>
      expect(opened).toMatchObject([{ capaId: 'CAPA-00001', component: 'radiator', model: 'Falcon' }]),
    )
    expect(await rpc.getSummary({})).toMatchObject({
      vehicles: 4,
      failures: 1,
      openCapas: 1,
      failuresPer1000Vehicles: 250,
      diagnosisHitRate: 1,
      averageRating: 5,
    })
    const { failures } = await rpc.listFailures({ limit: 10 })
    expect(failures).toMatchObject([{ caseId: 'case-1', component: 'radiator', repaired: true, rating: 5 }])
    expect(failures[0]!.monthsInService).toBeGreaterThan(24)
    const { capa } = await rpc.getCapa({ capaId: 'CAPA-00001' })
    expect(capa!.sections.map(({ discipline }) => discipline)).toEqual([
      'D0',
      'D1',
      'D2',
      'D3',
      'D4',
      'D5',
      'D6',
      'D7',
      'D8',
    ])
    await expect(rpc.getCapa({ capaId: 'CAPA-404' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await Promise.all([inbox.stop(), listening.stop()])
  }, 60_000)
})
