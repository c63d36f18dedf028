import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { agent, events } from '@pitcrew/contracts'
import { listAudit, verifyAudit } from '../src/adapters/audit-log.ts'
import { blockAgent, releaseAgent } from '../src/handlers/person-decides.ts'
import { openLedger, startMs, type Ledger } from './ledger.ts'

let ledger: Ledger

beforeAll(async () => {
  ledger = await openLedger()
}, 120_000)

beforeEach(() => ledger.reset())

afterAll(() => ledger.close())

describe('L10 a person decides', () => {
  const decision = {
    actor: 'scheduling.a',
    reason: 'looks wrong',
    subject: 'op-1',
    at: new Date(startMs).toISOString(),
  }

  test('L10 a person blocks any agent, once, even one that was never seen', async () => {
    await blockAgent(ledger.books, { ...decision, id: '1' })
    await blockAgent(ledger.books, { ...decision, id: '2' })
    expect(await ledger.blocked()).toEqual(['scheduling.a'])
    expect(await ledger.announced(events.agentBlocked)).toMatchObject([
      { actor: 'scheduling.a', decidedBy: 'person:op-1', reason: 'looks wrong' },
    ])
    expect(await listAudit(ledger.database, { afterNumber: 0, limit: 10, resource: 'scheduling.a' })).toMatchObject([
      { entry: { classUid: 7001, operation: 'block-agent', actor: 'person:op-1' } },
    ])
  })

  test('L10 a release forgives: the agent starts from no risk and is not blocked again by its next finding', async () => {
    await ledger.play({ 'scheduling.b': 'probing' })
    expect(await ledger.blocked()).toEqual(['scheduling.b'])
    await releaseAgent(ledger.books, { ...decision, actor: 'scheduling.b', id: '1' })
    expect(await ledger.blocked()).toEqual([])
    expect(await ledger.announced(events.agentReleased)).toMatchObject([
      { actor: 'scheduling.b', decidedBy: 'person:op-1' },
    ])
    const at = startMs + 76 * 60_000
    ledger.setNow(at)
    const again = agent.Activity.fromPartial({
      activityId: 'again',
      actor: 'scheduling.b',
      service: 'scheduling',
      operation: 'not.mine',
    })
    await ledger.record([{ activity: again, at }])
    expect(await ledger.blocked()).toEqual([])
  })

  test('L10 a decision needs a reason, a subject, an actor, and something to release', async () => {
    await expect(blockAgent(ledger.books, { ...decision, reason: ' ', id: '1' })).rejects.toMatchObject({
      code: 'REASON_MISSING',
    })
    await expect(blockAgent(ledger.books, { ...decision, subject: '', id: '1' })).rejects.toMatchObject({
      code: 'REASON_MISSING',
    })
    await expect(blockAgent(ledger.books, { ...decision, actor: 'nobody', id: '1' })).rejects.toMatchObject({
      code: 'BAD_ACTOR',
    })
    await expect(releaseAgent(ledger.books, { ...decision, id: '1' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await verifyAudit(ledger.database)).toMatchObject({ intact: true, head: { number: 0 } })
  })
})
