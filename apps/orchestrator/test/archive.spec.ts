import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { migrate, openDatabase, type Database } from '@pitcrew/database'
import { testDatabase, type TestDatabase } from '@pitcrew/testing'
import type { Entry } from '@pitcrew/workflow'
import { tidy } from '../src/adapters/archive.ts'
import { CaseStore } from '../src/adapters/case-store.ts'
import { Evaluations } from '../src/adapters/evaluations.ts'
import { orchestratorSchema } from '../src/adapters/schema.ts'
import { searchWorkflows, everything } from '../src/adapters/workflow-search.ts'
import { workflowStatistics } from '../src/adapters/workflow-statistics.ts'
import { WorkflowStore } from '../src/adapters/workflow-store.ts'
import { run } from './ended-workflow.ts'

const dayMs = 86_400_000
const retention = { keepMs: 7 * dayMs, archiveMs: 365 * dayMs }
const noNode = () => undefined

let server: TestDatabase
let database: Database
let store: WorkflowStore
beforeAll(async () => {
  server = await testDatabase()
  database = await openDatabase({ url: server.url })
  await migrate(database, { ...orchestratorSchema, migrations: orchestratorSchema.migrations.slice(0, 1) })
  await database.script(`
    insert into orchestrator.vehicle_case values ('old', 'v-old', 'VEHICLE_SYSTEM_BRAKES', 'URGENCY_HIGH', 'PHASE_COMPLETED',
      'WORKFLOW_STATUS_COMPLETED', 2, 'repaired', '2026-01-01', '2026-01-02', '2026-01-02', 100, '', 2, '00-ab-cd-01', true, true,
      '{"$input": 1}');
    insert into orchestrator.transition values
      ('old', 1, '2026-01-01', 'started', '', 'PHASE_DATA_ANALYSIS', 'WORKFLOW_STATUS_RUNNING', '', ''),
      ('old', 2, '2026-01-02', 'task-failed', 'a', 'PHASE_COMPLETED', 'WORKFLOW_STATUS_COMPLETED', 'x', 'y')`)
  await migrate(database, orchestratorSchema)
  store = new WorkflowStore(database)
}, 60_000)
afterAll(async () => {
  await database?.close()
  await server?.stop()
})

describe('what is kept of workflows', () => {
  test('C5 cases of the first schema are taken over with their history', async () => {
    const found = await store.get('old')
    expect(found).toMatchObject({
      archived: false,
      row: {
        definition: 'vehicle-case',
        version: 1,
        phase: 'COMPLETED',
        errors: 1,
        attributes: { system: 'VEHICLE_SYSTEM_BRAKES', scheduled: true },
      },
    })
    expect(found && (await store.history(found)).map(({ phase }) => phase)).toEqual(['DATA_ANALYSIS', 'COMPLETED'])
    expect(await new CaseStore(database).statistics()).toMatchObject({
      total: 1,
      errors: 1,
      customersEngaged: 1,
      appointmentsScheduled: 1,
      byPhase: { COMPLETED: 1 },
    })
  })

  test('C5 seven days after their end workflows go to the archive, whole, and a year later they are forgotten', async () => {
    const now = Date.parse('2026-06-20T00:00:00Z')
    const entries = [
      ...run('fresh', now - 6 * dayMs),
      ...run('stale', now - 8 * dayMs),
      ...run('open', now - 9 * dayMs).slice(0, 1),
    ]
    await store.take(entries, noNode)
    expect(await tidy(database, retention, now)).toEqual({ archived: 2, purged: 0 })
    const stale = await store.get('stale')
    expect(stale).toMatchObject({
      archived: true,
      row: { outcome: 'repaired', output: { mended: 'stale' }, outputs: { step: { recommendation: 'mend stale' } } },
    })
    expect(stale && (await store.history(stale))).toMatchObject([
      { workflowId: 'stale', number: 1, event: 'started' },
      { number: 2, event: 'task-succeeded', durationMs: 60_000 },
    ])
    expect(await store.get('open')).toMatchObject({ archived: false })

    const ids = async (archived: boolean) =>
      (await searchWorkflows(database, { ...everything, text: 'repaired', archived }, 10)).found.map(
        ({ row }) => row.workflowId,
      )
    expect(await ids(false)).toEqual(['fresh'])
    expect(await ids(true)).toEqual(['fresh', 'stale', 'old'])
    const request = { definition: '', from: undefined, before: undefined }
    expect(await workflowStatistics(database, request, 0)).toMatchObject({
      total: 4,
      archived: 2,
      active: 1,
      completed: 3,
    })
    expect(await new CaseStore(database).get('stale')).toMatchObject({ archived: true })

    expect(await tidy(database, retention, now + 366 * dayMs)).toEqual({ archived: 1, purged: 2 })
    expect(await store.get('stale')).toBeUndefined()
    expect(await store.get('fresh')).toMatchObject({ archived: true })
  })

  test('C5 tidying is bounded, and several at once put each away once', async () => {
    const now = Date.parse('2026-08-01T00:00:00Z')
    const ids = Array.from({ length: 30 }, (_, i) => `many-${i}`)
    await store.take(
      ids.flatMap((id, i) => run(id, now - 20 * dayMs + i)),
      noNode,
    )
    const done = await Promise.all([1, 2, 3].map(() => tidy(database, retention, now, 8)))
    expect(done.reduce((sum, { archived }) => sum + archived, 0)).toBe(24)
    expect((await tidy(database, retention, now, 8)).archived).toBe(6)
    const [{ count } = { count: 0 }] = await database.query<{ count: number }>(
      `select count(*) as count from orchestrator.workflow_archive where workflow_id like 'many-%'`,
    )
    expect(count).toBe(30)
  })

  test('C5 the archive takes a fraction of the room', async () => {
    const [{ raw, kept } = { raw: 0, kept: 0 }] = await database.query<{ raw: number; kept: number }>(
      `select sum(octet_length(outputs::text) + octet_length(history::text)) as raw,
         sum(pg_column_size(outputs) + pg_column_size(history)) as kept from orchestrator.workflow_archive`,
    )
    expect(raw / kept).toBeGreaterThan(4)
  })

  test('L8 a failed workflow that is taken up again comes back from the archive with its history', async () => {
    const now = Date.parse('2026-09-01T00:00:00Z')
    const entries = run('again', now - 30 * dayMs, 'failed')
    await store.take(entries, noNode)
    await tidy(database, retention, now)
    expect(await store.get('again')).toMatchObject({ archived: true })
    const last = entries[1] as Entry
    const { definition, attributes, startedAt, progress } = last.after
    const retried: Entry = {
      id: 'again',
      revision: 3,
      event: { type: 'retried', at: now, by: 'ann' },
      after: { definition, attributes, startedAt, progress, status: 'running', phase: 'DIAGNOSIS', active: ['step'] },
    }
    const { steps } = await store.take([retried], noNode)
    expect(steps).toMatchObject([{ fresh: true, failed: false }])
    const back = await store.get('again')
    expect(back).toMatchObject({ archived: false, row: { endedAt: null, version: 1, revision: 3, errors: 1 } })
    expect(back && (await store.history(back)).map(({ event }) => event)).toEqual(['started', 'task-failed', 'retried'])
  })

  test('F8 each ended workflow is evaluated once, however many do it, and again when it ends again', async () => {
    const now = Date.parse('2026-10-01T00:00:00Z')
    await store.take(Array.from({ length: 25 }, (_, i) => run(`judged-${i}`, now + i)).flat(), noNode)
    const [one, two] = [new Evaluations(database, noNode), new Evaluations(database, noNode)]
    const done = await Promise.all([one.step(), two.step()])
    expect(done[0] + done[1]).toBeGreaterThanOrEqual(25)
    expect(await one.step()).toBe(0)
    const judged = await one.list('vehicle-case', 1, 1_000)
    expect(judged.filter(({ workflowId }) => workflowId.startsWith('judged-'))).toHaveLength(25)
    await two.step()
    expect(two.standing('vehicle-case', 1).evaluations).toBe(one.standing('vehicle-case', 1).evaluations)
    expect(await one.of('judged-3')).toMatchObject({ workflowId: 'judged-3', score: expect.any(Number) })

    const [start, failed] = run('judged-again', now, 'failed') as [Entry, Entry]
    await store.take([start, failed], noNode)
    expect(await one.step()).toBe(1)
    expect(await one.of('judged-again')).toMatchObject({ status: 'failed', grade: 'POOR' })
    const [, completed] = run('judged-again', now + dayMs) as [Entry, Entry]
    const retried: Entry = {
      ...start,
      revision: 3,
      event: { type: 'retried', at: now + dayMs, by: 'ann' },
    }
    await store.take([retried, { ...completed, revision: 4 }], noNode)
    expect(await two.step()).toBe(1)
    expect(await one.of('judged-again')).toMatchObject({ status: 'completed' })
  })

  test('L11 two instances that take in the frames of one log side by side come to the same views', async () => {
    const now = Date.parse('2026-10-15T00:00:00Z')
    const [one, two] = [new WorkflowStore(database), new WorkflowStore(database)]
    const runs = Array.from({ length: 20 }, (_, i) => run(`both-${i}`, now + i))
    const frames = [runs.map(([first]) => first as Entry), runs.map(([, second]) => second as Entry)] as const
    await Promise.all([two.take(frames[1], noNode), one.take(frames[0], noNode), two.take(frames[0], noNode)])
    for (const [first] of runs) {
      const found = await one.get((first as Entry).id)
      expect(found?.row).toMatchObject({ revision: 2, version: 1, outcome: 'repaired' })
      expect(found && (await one.history(found)).map(({ number }) => number)).toEqual([1, 2])
    }
  })

  test('L11 a frame of hundreds of transitions is a few statements', async () => {
    const now = Date.parse('2026-11-01T00:00:00Z')
    const entries = Array.from({ length: 300 }, (_, i) => run(`frame-${i}`, now + i)).flat()
    let statements = 0
    const counting: Database = {
      ...database,
      kind: database.kind,
      query: (sql, params) => database.query(sql, params),
      script: (sql) => database.script(sql),
      close: () => database.close(),
      transaction: (fn, options) =>
        database.transaction(
          (tx) =>
            fn({
              query: (sql, params) => {
                statements++
                return tx.query(sql, params)
              },
              script: (sql) => tx.script(sql),
            }),
          options,
        ),
    }
    await new WorkflowStore(counting).take(entries, noNode)
    expect(statements).toBeLessThanOrEqual(6)
    const { found } = await searchWorkflows(
      database,
      { ...everything, startedFrom: new Date(now).toISOString() },
      1_000,
    )
    expect(found).toHaveLength(300)
  })
})
