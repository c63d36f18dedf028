import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { agent, events, workflow } from '@pitcrew/contracts'
import { listAudit, verifyAudit } from '../src/adapters/audit-log.ts'
import { listAgents, listFindings } from '../src/adapters/behaviour.ts'
import { onCaseChanged } from '../src/handlers/case-changed.ts'
import { openLedger, simple, startMs, type Ledger } from './ledger.ts'

let ledger: Ledger

beforeAll(async () => {
  ledger = await openLedger()
}, 120_000)

beforeEach(() => ledger.reset())

afterAll(() => ledger.close())

describe('M5 N6 audit log', () => {
  test('N6 every activity is one record of OCSF class 6003 and the chain verifies', async () => {
    await ledger.record([1, 2, 3].map((n) => simple(n)))
    await ledger.record([simple(4, { code: 'UNAUTHENTICATED', outcome: agent.ActivityOutcome.DENIED })])
    const listed = await listAudit(ledger.database, { afterNumber: 0, limit: 10, resource: '' })
    expect(listed.map(({ number, entry }) => [number, entry.classUid, entry.outcome])).toEqual([
      [1, 6003, 'success'],
      [2, 6003, 'success'],
      [3, 6003, 'success'],
      [4, 3002, 'denied'],
    ])
    expect(await verifyAudit(ledger.database)).toEqual({ intact: true, head: { number: 4, hash: listed[3]!.hash } })
  })

  test('N1 N6 deliveries that are doubled, in one batch, in another and at the same moment, change nothing', async () => {
    const batch = [1, 2, 2, 3].map((n) => simple(n, n === 3 ? { operation: 'not.mine' } : {}))
    await ledger.record(batch)
    const state = async () => ({
      agents: await listAgents(ledger.database),
      findings: await listFindings(ledger.database, 10),
      head: await verifyAudit(ledger.database),
      outbox: await ledger.announced(events.findingRaised),
    })
    const before = await state()
    expect(before.head).toMatchObject({ intact: true, head: { number: 4 } })
    expect(before.agents[0]!.profile.activities).toBe(3)
    await Promise.all([ledger.record(batch), ledger.record(batch), ledger.record([...batch].reverse())])
    expect(await state()).toEqual(before)
  })

  test('N6 several appenders at once do not fork the chain', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => ledger.record([simple(n), simple(n + 1)])))
    expect(await verifyAudit(ledger.database)).toMatchObject({ intact: true, head: { number: 21 } })
  })

  const tampering: [string, string, number][] = [
    ['changed', `update ueba.audit set record = replace(record, 'case-7"', 'case-8"') where number = 7`, 7],
    ['given another hash', `update ueba.audit set hash = repeat('a', 64) where number = 7`, 7],
    ['deleted', 'delete from ueba.audit where number = 7', 7],
    ['cut off at the end', 'delete from ueba.audit where number > 7', 8],
  ]
  test.each(tampering)('N6 a record that was %s behind our back is named', async (_how, sql, brokenAt) => {
    await ledger.record(Array.from({ length: 10 }, (_, n) => simple(n + 1)))
    await ledger.database.script(`alter table ueba.audit disable trigger audit_append_only; ${sql}`)
    expect(await verifyAudit(ledger.database)).toMatchObject({ intact: false, brokenAt })
  })

  test.each(['update ueba.audit set hash = hash', 'delete from ueba.audit', 'truncate ueba.audit'])(
    'N6 the table refuses: %s',
    async (sql) => {
      await ledger.record([simple(1)])
      await expect(ledger.database.script(sql)).rejects.toThrow(/append-only/)
      expect(await verifyAudit(ledger.database)).toMatchObject({ intact: true, head: { number: 1 } })
    },
  )

  test('M5 each transition of a case is one record, found by case, without its free text', async () => {
    const changed = (number: number, event: string) => ({
      message: workflow.CaseChanged.fromPartial({
        case: { caseId: 'case-1', vehicleId: 'v-1' },
        transition: {
          number,
          at: '2026-11-20T08:00:00.000Z',
          event,
          node: 'hold',
          phase: workflow.Phase.SCHEDULING,
          agent: 'scheduling.a',
          detail: 'called Maria',
        },
      }),
      time: '2026-11-20T08:00:01.000Z',
    })
    const audit = onCaseChanged(ledger.books)
    await audit([changed(1, 'started'), changed(2, 'task-failed'), changed(2, 'task-failed')])
    await audit([changed(2, 'task-failed'), changed(3, 'task-succeeded')])
    await audit([{ message: workflow.CaseChanged.fromPartial({}), time: '2026-11-20T08:00:01.000Z' }])
    const listed = await listAudit(ledger.database, { afterNumber: 0, limit: 10, resource: 'case-1' })
    expect(listed.map(({ entry }) => [entry.operation, entry.outcome])).toEqual([
      ['case.started', 'success'],
      ['case.task-failed', 'failure'],
      ['case.task-succeeded', 'success'],
    ])
    expect(JSON.stringify(listed)).not.toContain('Maria')
  })

  test('L10 findings and blocks are in the log as classes 2004 and 7001', async () => {
    ledger.setNow(startMs + 60_000)
    await ledger.record([simple(20, { actor: 'scheduling.b' })])
    await ledger.record(Array.from({ length: 4 }, (_, n) => simple(n, { operation: 'not.mine' })))
    const about = await listAudit(ledger.database, { afterNumber: 0, limit: 100, resource: 'scheduling.a' })
    expect(about.map(({ entry }) => [entry.classUid, entry.actor, entry.operation])).toEqual([
      [2004, 'ueba', 'finding.outside-manifest'],
      [2004, 'ueba', 'finding.outside-manifest'],
      [2004, 'ueba', 'finding.outside-manifest'],
      [7001, 'ueba', 'block-agent'],
    ])
    expect(await verifyAudit(ledger.database)).toMatchObject({ intact: true })
  })
})
