import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { agent, events, ueba, workflow } from '@pitcrew/contracts'
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
import { uebaService } from '../src/index.ts'

let broker: TestBroker
let database: TestDatabase
let service: RunningService
let rpc: RpcClient<typeof ueba.UebaServiceService>
let scheduling: Messaging
let orchestrator: Messaging
let gateway: Messaging

async function start(): Promise<void> {
  const env = {
    NATS_URL: broker.url,
    DATABASE_URL: database.url,
    UEBA_GRPC_PORT: '0',
    UEBA_OPS_PORT: '0',
    UEBA_BATCH_WAIT_MS: '20',
  }
  service = await startService(uebaService, { env, telemetry: testTelemetry('ueba') })
  rpc = connectRpc(ueba.UebaServiceClient, `127.0.0.1:${service.ports.grpc}`, { telemetry: testTelemetry('test') })
}

async function stop(): Promise<void> {
  rpc.close()
  await service.stop()
}

beforeAll(async () => {
  broker = await testBroker()
  database = await testDatabase()
  scheduling = await testMessaging(broker, 'scheduling')
  orchestrator = await testMessaging(broker, 'orchestrator')
  gateway = await testMessaging(broker, 'gateway')
  await start()
}, 120_000)

afterAll(async () => {
  await stop()
  await Promise.all([scheduling.drain(), orchestrator.drain(), gateway.drain()])
  await database.stop()
  await broker.stop()
}, 60_000)

function activity(id: string, change: Partial<agent.Activity> = {}): agent.Activity {
  const usual = {
    actor: 'scheduling.a',
    service: 'scheduling',
    operation: 'scheduling.hold-slot',
    outcome: agent.ActivityOutcome.SUCCESS,
    resource: 'case-1',
    version: '1.0.0',
  }
  return agent.Activity.fromPartial({ activityId: id, at: new Date().toISOString(), ...usual, ...change })
}

const record = (...activities: agent.Activity[]) =>
  scheduling.publish(events.activitiesRecorded, 'scheduling', { activities })

describe('L10 ueba as a service', () => {
  test('L10 N6 watches, logs, blocks and releases over the real broker, and survives a restart', async () => {
    const decided: { event: string; actor: string }[] = []
    const listening = await gateway.consume(
      [events.agentBlocked, events.agentReleased],
      { durable: 'test' },
      async ({ type, message }) => {
        decided.push({ event: type.subject, actor: (message as { actor: string }).actor })
      },
    )
    await record(activity('b-1', { actor: 'scheduling.b' }))
    await record(activity('a-1'), activity('a-1'))
    await record(activity('a-1'), activity('a-2'))
    await orchestrator.publish(
      events.caseChanged,
      'case-1',
      workflow.CaseChanged.fromPartial({ case: { caseId: 'case-1' }, transition: { number: 1, event: 'started' } }),
    )
    await eventually(async () => expect((await rpc.verifyAudit({})).records).toBe(4))

    await stop()
    await start()
    for (let n = 0; n < 4; n++) await record(activity(`bad-${n}`, { operation: 'engagement.ask-feedback' }))
    await eventually(() => expect(decided).toEqual([{ event: events.agentBlocked.subject, actor: 'scheduling.a' }]))
    const { findings } = await rpc.listFindings({ limit: 10 })
    expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set(['outside-manifest']))
    const { profiles } = await rpc.listProfiles({})
    expect(profiles).toMatchObject([
      { actor: 'scheduling.a', activities: 6, blocked: true },
      { actor: 'scheduling.b', blocked: false },
    ])
    expect(profiles[0]!.risk).toBeGreaterThan(45)

    await rpc.releaseAgent({ actor: 'scheduling.a', reason: 'patched', subject: 'op-1' })
    await eventually(() =>
      expect(decided.at(-1)).toEqual({ event: events.agentReleased.subject, actor: 'scheduling.a' }),
    )
    await expect(rpc.releaseAgent({ actor: 'scheduling.a', reason: 'again', subject: 'op-1' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })

    const log = await rpc.listAuditEvents({ afterNumber: 0, limit: 100, resource: '' })
    expect(log.events.map(({ number }) => number)).toEqual(log.events.map((_, index) => index + 1))
    expect(log.events.at(-1)).toMatchObject({
      classUid: 7001,
      actor: 'person:op-1',
      operation: 'release-agent',
      resource: 'scheduling.a',
    })
    expect(await rpc.verifyAudit({})).toMatchObject({
      intact: true,
      records: log.events.length,
      headHash: log.events.at(-1)!.hash,
    })
    await listening.stop()
  }, 60_000)
})
