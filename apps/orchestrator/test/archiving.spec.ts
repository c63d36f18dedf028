import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { migrate, openDatabase, type Database } from '@pitcrew/database'
import { Retryable, Terminal } from '@pitcrew/errors'
import { jobQueue, type Job, type JobQueue, type JobState } from '@pitcrew/jobs'
import { deadLetters, type Messaging } from '@pitcrew/messaging'
import { eventually, testDatabase, testMessaging, type TestBroker, type TestTelemetry } from '@pitcrew/testing'
import { archiveWorkflows, keepArchiving, type ArchivingOptions } from '../src/adapters/archiving.ts'
import { orchestratorSchema } from '../src/adapters/schema.ts'
import { WorkflowStore } from '../src/adapters/workflow-store.ts'
import { brokerWithJobs } from './broker.ts'
import { run } from './ended-workflow.ts'

const dayMs = 86_400_000
const retention = { keepMs: 7 * dayMs, archiveMs: 365 * dayMs }
const kind = archiveWorkflows.name
const now = Date.parse('2026-06-20T00:00:00Z')

let broker: TestBroker
let database: Database
let queue: JobQueue
let closing: (() => Promise<unknown>)[]

beforeEach(async () => {
  closing = []
  broker = await brokerWithJobs()
  closing.push(() => broker.stop())
  const server = await testDatabase()
  closing.push(() => server.stop())
  database = await openDatabase({ url: server.url })
  closing.push(() => database.close())
  await migrate(database, orchestratorSchema)
  queue = jobQueue(await connect())
}, 60_000)

afterEach(async () => {
  for (const close of closing.reverse()) await close()
})

async function connect(): Promise<Messaging> {
  const messaging = await testMessaging(broker, 'orchestrator')
  closing.push(() => messaging.drain())
  return messaging
}

/** Called before every statement by which workflows are put away; what it throws, the database does. */
type Before = () => Promise<void>

const watched = (before: Before): Database => ({
  kind: database.kind,
  async query(sql, params) {
    if (sql.includes('delete from orchestrator.workflow w')) await before()
    return database.query(sql, params)
  },
  script: (sql) => database.script(sql),
  transaction: (fn, options) => database.transaction(fn, options),
  close: () => database.close(),
})

/** One more instance of the service, ticking every second. */
async function instance(before: Before, more: Partial<ArchivingOptions> = {}) {
  const messaging = await connect()
  const options = { messaging, database: watched(before), retention, everyMs: 1_000, now: () => now, ...more }
  const archiving = await keepArchiving(options)
  closing.push(() => archiving.stop())
  return archiving
}

async function endedWorkflows(count: number, name = 'stale'): Promise<void> {
  const entries = Array.from({ length: count }, (_, i) => run(`${name}-${i}`, now - 20 * dayMs + i)).flat()
  await new WorkflowStore(database).take(entries, () => undefined)
}

async function archived(): Promise<number> {
  const [row] = await database.query<{ count: number }>('select count(*) as count from orchestrator.workflow_archive')
  return row?.count ?? 0
}

/** The run that is so, when there is one. */
const runThatIs = (state: JobState, is: (job: Job) => boolean = () => true): Promise<Job> =>
  eventually(
    async () => {
      const { jobs } = await queue.list({ kind, state })
      const found = jobs.find((job) => job.runOf === kind && is(job))
      if (found === undefined) throw new Error(`no run is ${state}: ${JSON.stringify(await queue.list({ kind }))}`)
      return found
    },
    { timeoutMs: 20_000 },
  )

/** How many ticks have been handed to instances. */
async function ticks(): Promise<number> {
  const { connection } = await connect()
  const info = await connection.request(`$JS.API.CONSUMER.INFO.JOBS.${kind}_4`)
  return info.json<{ delivered: { consumer_seq: number } }>().delivered.consumer_seq
}

test('C5 F7 ended workflows are put away at a tick, by one of several instances at a time, and it says how far it is', async () => {
  await endedWorkflows(6)
  const gate = Promise.withResolvers<void>()
  let steps = 0
  let [atOnce, most] = [0, 0]
  const before = async () => {
    most = Math.max(most, ++atOnce)
    if (++steps === 3) await gate.promise
    atOnce--
  }
  await Promise.all([1, 2].map(() => instance(before, { most: 2 })))
  const under = await runThatIs('active', (job) => 'progress' in job && job.progress?.percent === 66)
  expect(under).toMatchObject({ progress: { percent: 66, note: '4 archived, 0 forgotten' } })
  const seen = await ticks()
  await eventually(async () => expect(await ticks()).toBeGreaterThanOrEqual(seen + 2))
  expect({ steps, most }).toEqual({ steps: 3, most: 1 })
  gate.resolve()
  const done = await runThatIs('completed', ({ id }) => id === under.id)
  expect(done).toMatchObject({ result: { archived: 6, purged: 0 }, progress: { percent: 100 } })
  expect(await archived()).toBe(6)
  await runThatIs('completed', ({ id }) => id > under.id)
  expect(most).toBe(1)
}, 60_000)

test('C5 F7 a run that fails is tried again; one that fails for good is among the dead letters, and the next tick goes on', async () => {
  await endedWorkflows(1)
  const failures: Error[] = [
    new Retryable('DATABASE_AWAY', 'the database restarts', { afterMs: 50 }),
    new Terminal('NO_SUCH_COLUMN', 'the schema is another'),
  ]
  const before = async () => {
    const failure = failures.shift()
    if (failure !== undefined) throw failure
  }
  await instance(before)
  const failed = await runThatIs('failed')
  expect(failed).toMatchObject({ attempt: 2, failure: { code: 'NO_SUCH_COLUMN' } })
  const letters = deadLetters(await connect())
  await eventually(async () =>
    expect(await letters.list()).toMatchObject([{ service: 'orchestrator', code: 'NO_SUCH_COLUMN' }]),
  )
  const next = await runThatIs('completed', ({ id }) => id > failed.id)
  expect(next).toMatchObject({ attempt: 1, result: { archived: 1, purged: 0 } })
  expect(await archived()).toBe(1)
}, 60_000)

test('C5 F7 an instance that stops ends its run first, or leaves the rest of it to another, which is no attempt', async () => {
  await endedWorkflows(6)
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let gate: Promise<void> | undefined = first.promise
  const before = async () => gate
  const leaving = await instance(before, { most: 6 })
  const ending = await runThatIs('active')
  const stopped = leaving.stop()
  first.resolve()
  await stopped
  expect(await queue.get(ending.id)).toMatchObject({ state: 'completed', result: { archived: 6, purged: 0 } })

  await endedWorkflows(4, 'later')
  gate = second.promise
  const impatient = await instance(before, { most: 2, drainMs: 1 })
  const left = await runThatIs('active', ({ id }) => id > ending.id)
  await impatient.stop()
  expect(await queue.get(left.id)).toMatchObject({ state: 'waiting', attempt: 0 })
  second.resolve()
  await instance(async () => undefined)
  expect(await runThatIs('completed', ({ id }) => id === left.id)).toMatchObject({ attempt: 1 })
  await eventually(async () => expect(await archived()).toBe(10))
}, 60_000)

test('C5 F7 an operator switches it off, instances that start say so, and it goes on when replayed', async () => {
  const leaving = await instance(async () => undefined)
  await queue.cancel(kind, 'an audit')
  await leaving.stop()
  const messaging = await connect()
  await instance(async () => undefined, { messaging })
  expect((messaging.telemetry as TestTelemetry).lines).toContainEqual(
    expect.objectContaining({ message: 'ended workflows are not archived: somebody cancelled it', reason: 'an audit' }),
  )
  await endedWorkflows(1)
  await queue.replay(kind)
  await eventually(async () => expect(await archived()).toBe(1))
})
