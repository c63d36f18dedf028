import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { agent, capabilities } from '@pitcrew/contracts'
import { migrate, openDatabase, type Database } from '@pitcrew/database'
import { handle, runAgent, type RunningAgent } from '@pitcrew/agent'
import type { Messaging } from '@pitcrew/messaging'
import {
  eventually,
  testBroker,
  testDatabase,
  testMessaging,
  testTelemetry,
  type TestBroker,
  type TestDatabase,
} from '@pitcrew/testing'
import { AgentRegistry } from '../src/adapters/agent-registry.ts'
import { orchestratorSchema } from '../src/adapters/schema.ts'

const holdSlot = capabilities.holdSlot.name
const { logger } = testTelemetry('orchestrator')

let broker: TestBroker
let stored: TestDatabase
let database: Database
let messaging: Messaging
let nowMs: number
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  ;[broker, stored] = await Promise.all([testBroker(), testDatabase()])
  database = await openDatabase({ url: stored.url })
  await migrate(database, orchestratorSchema)
  messaging = await testMessaging(broker, 'orchestrator')
})

beforeEach(() => void (nowMs = 1_000_000))

afterAll(async () => {
  for (const close of closing.reverse()) await close()
  await messaging.drain()
  await database.close()
  await stored.stop()
  await broker.stop()
})

async function registryOf(): Promise<AgentRegistry> {
  const registry = new AgentRegistry(database, () => nowMs)
  const watching = await registry.watch(messaging, logger)
  closing.push(() => watching.stop())
  await messaging.connection.flush()
  return registry
}

/** As an agent would say it. */
async function beat(instance: string, more: Partial<agent.Heartbeat> = {}): Promise<void> {
  const name = `scheduling.${instance}`
  const heartbeat = agent.Heartbeat.fromPartial({
    agent: name,
    service: 'scheduling',
    version: '1.0.0',
    capabilities: [holdSlot],
    types: ['scheduling'],
    slots: 8,
    startedAt: '2026-01-01T00:00:00.000Z',
    at: new Date().toISOString(),
    ...more,
  })
  messaging.signal(`agent.heartbeat.scheduling.${instance}`, agent.Heartbeat.encode(heartbeat).finish())
  await messaging.connection.flush()
}

const names = (found: { agent: string }[]) => found.map(({ agent: name }) => name)

describe('the agent registry', () => {
  test('M3 an agent that runs is known by its types, capabilities, version and load', async () => {
    const registry = await registryOf()
    const service = await testMessaging(broker, 'customer-engagement')
    const running: RunningAgent = await runAgent({
      messaging: service,
      telemetry: testTelemetry(),
      service: 'customer-engagement',
      instance: 'real',
      version: '2.1.0',
      capabilities: [handle(capabilities.askFeedback, async () => capabilities.askFeedback.response.fromPartial({}))],
    })
    closing.push(
      () => service.drain(),
      () => running.stop(),
    )
    const found = await eventually(() => registry.find({ type: 'feedback' })[0] ?? false)
    expect(found).toMatchObject({
      agent: 'customer-engagement.real',
      heartbeat: {
        version: '2.1.0',
        types: ['feedback'],
        capabilities: ['engagement.ask-feedback'],
        running: 0,
        startedAt: expect.stringMatching(/^20/),
      },
    })
    expect(registry.find({ type: 'diagnosis' })).toEqual([])
  })

  test('M3 an agent that falls silent is no candidate within six seconds, and is again when it is back', async () => {
    const registry = await registryOf()
    await beat('quiet')
    await beat('lively')
    await eventually(() =>
      expect(names(registry.find({ capability: holdSlot }))).toEqual(['scheduling.lively', 'scheduling.quiet']),
    )
    nowMs += 4_000
    await beat('lively', { running: 1 })
    await eventually(() => expect(registry.standings(holdSlot).map(({ running }) => running)).toEqual([1, 0]))
    nowMs += 2_000
    expect(names(registry.find({ capability: holdSlot }))).toEqual(['scheduling.lively'])
    const decision = registry.choose({ capability: holdSlot, expertise: [] })
    expect(decision.chosen).toBe('scheduling.lively')
    expect(
      decision.candidates.map(({ id, verdict }) => [id, verdict.is === 'excluded' && verdict.code]),
    ).toContainEqual(['scheduling.quiet', 'SILENT'])
    expect(registry.list().map(({ heartbeat, alive }) => [heartbeat?.agent, alive])).toContainEqual([
      'scheduling.quiet',
      false,
    ])
    await beat('quiet')
    await eventually(() => expect(names(registry.find({ capability: holdSlot }))).toContain('scheduling.quiet'))
  })

  test('M3 F1 chooses by expertise, then load, and says why', async () => {
    const registry = await registryOf()
    await beat('brakes', { expertise: ['brakes'], running: 6 })
    await beat('idle', { running: 0 })
    await beat('busy', { running: 5 })
    await eventually(() => expect(registry.find({ capability: holdSlot })).toHaveLength(3))
    const expert = registry.choose({ capability: holdSlot, expertise: ['brakes'] })
    expect(expert).toMatchObject({ chosen: 'scheduling.brakes', because: expect.stringContaining('expertise') })
    const any = registry.choose({ capability: holdSlot, expertise: [] })
    expect(any).toMatchObject({ chosen: 'scheduling.idle', because: expect.stringContaining('load') })
    expect(names(registry.find({ expertise: ['brakes'] }))).toEqual(['scheduling.brakes'])
    const nobody = registry.choose({ capability: 'nobody.offers', expertise: [] })
    expect(nobody).toMatchObject({ chosen: null, because: 'nothing to choose from' })
  })

  test('M3 the record of success decides between equals, and is shared by all instances', async () => {
    const [one, two] = [await registryOf(), await registryOf()]
    await beat('good')
    await beat('poor')
    await eventually(() => expect(two.find({ capability: holdSlot })).toHaveLength(2))
    for (let n = 0; n < 10; n++) {
      one.observe('scheduling.good', holdSlot, true, 40)
      two.observe('scheduling.good', holdSlot, true, 20)
      one.observe('scheduling.poor', holdSlot, n % 2 === 0, 10)
    }
    expect(one.choose({ capability: holdSlot, expertise: [] }).chosen).toBe('scheduling.good')
    const records = (registry: AgentRegistry) => registry.standings(holdSlot).map(({ id, record }) => [id, record])
    const expected = [
      ['scheduling.good', { succeeded: 20, failed: 0, meanMs: 30 }],
      ['scheduling.poor', { succeeded: 5, failed: 5, meanMs: 10 }],
    ]
    await eventually(() => expect(records(one)).toEqual(expected))
    await eventually(() => expect(records(two)).toEqual(expected))
    const later = await registryOf()
    await beat('good')
    await eventually(() => expect(records(later)).toEqual(expected.slice(0, 1)))
  })

  test('M3 L10 one that is blocked, or whose service is, is no candidate until it is released', async () => {
    const registry = await registryOf()
    await beat('a')
    await beat('b')
    const found = () => names(registry.find({ capability: holdSlot }))
    await eventually(() => expect(found()).toEqual(['scheduling.a', 'scheduling.b']))
    await registry.block('scheduling.a', '2026-01-01T00:00:01Z')
    expect(found()).toEqual(['scheduling.b'])
    expect([registry.mayReport('scheduling.a'), registry.mayReport('scheduling.b')]).toEqual([false, true])
    await registry.block('scheduling', '2026-01-01T00:00:02Z')
    expect(found()).toEqual([])
    expect(registry.mayReport('scheduling.b')).toBe(false)
    await registry.release('scheduling.a', '2026-01-01T00:00:00Z')
    await registry.release('scheduling', '2026-01-01T00:00:03Z')
    expect(found()).toEqual(['scheduling.b'])
    await registry.release('scheduling.a', '2026-01-01T00:00:03Z')
    expect(found()).toEqual(['scheduling.a', 'scheduling.b'])
  })
})
