import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { findNatsServer, startBroker } from '@pitcrew/broker'
import { deadLetters } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'
import { defineJob, perform } from '../src/index.ts'
import { ackWaitMs, benchOn, type Bench } from './fixture.ts'

type Child = ChildProcessByStdio<Writable, Readable, null>

const children: Child[] = []

interface Site {
  bench: Bench
  url(): string
  /** Ends the server as a power cut would. */
  crash(): Promise<void>
  /** On the same store and port. */
  restart(): Promise<void>
  close(): Promise<void>
}

async function openSite(): Promise<Site> {
  const home = mkdtempSync(join(tmpdir(), 'pitcrew-jobs-'))
  const { path } = await findNatsServer({ cacheDir: join(import.meta.dirname, '../../../.pitcrew/bin') })
  const start = (port: number) =>
    startBroker({ executable: path, storeDir: join(home, 'store'), syncAlways: false, port })
  let server = await start(0)
  const url = () => server.url
  const bench = await benchOn(url)
  return {
    bench,
    url,
    async crash() {
      server.kill()
      await server.exited
      await server.stop()
    },
    async restart() {
      server = await start(server.port)
    },
    async close() {
      await bench.stop()
      await server.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

let site: Site
let bench: Bench

beforeAll(async () => {
  site = await openSite()
  bench = site.bench
})

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await site.close()
})

/** Resolves when it has begun a job. */
async function dyingWorker(kind: string): Promise<Child> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'dying-worker.ts'), site.url(), kind], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  await once(child.stdout, 'data')
  return child
}

async function kill(child: Child) {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** Side by side: they wait for the broker's clock. */
describe('a worker', () => {
  test.concurrent(
    'F7 N1 that dies loses nothing: another does its job after the ack wait, as the next attempt',
    async () => {
      const hard = defineJob<null, number>('hard')
      await bench.queue.add(hard, null, { id: 'hard-1' })
      const child = await dyingWorker('hard')
      expect(await bench.reaches('hard-1', 'active')).toMatchObject({ worker: 'data-analysis.dying', attempt: 1 })
      await kill(child)
      await bench.workers([perform(hard, async (_, { attempt }) => attempt)])
      expect(await bench.queue.result(hard, 'hard-1')).toBe(2)
    },
  )

  test.concurrent('F7 that dies with every attempt fails the job in the end, with a dead letter', async () => {
    const deadly = defineJob('deadly', { attempts: 1 })
    await bench.queue.add(deadly, null, { id: 'deadly-1' })
    await kill(await dyingWorker('deadly'))
    await bench.workers([perform(deadly, async () => expect('never').toBe('run'))])
    const failed = await bench.reaches('deadly-1', 'failed')
    expect(failed).toMatchObject({ attempt: 1, failure: { code: 'WORKER_LOST' } })
    const letters = deadLetters(await bench.client('gateway'))
    const ofKind = async () => (await letters.list()).filter(({ subject }) => subject.includes('.deadly.'))
    await eventually(async () => expect(await ofKind()).toMatchObject([{ code: 'WORKER_LOST' }]))
  })

  test.concurrent('F7 that dies with a job that was to be cancelled leaves it cancelled', async () => {
    const hard = defineJob('doomed')
    await bench.queue.add(hard, null, { id: 'doomed-1' })
    const child = await dyingWorker('doomed')
    child.kill('SIGSTOP')
    expect(await bench.queue.cancel('doomed-1', 'no use')).toBe('requested')
    await kill(child)
    await bench.workers([perform(hard, async () => expect('never').toBe('run'))])
    expect(await bench.reaches('doomed-1', 'cancelled')).toMatchObject({ reason: 'no use' })
  })

  test.concurrent('F7 that lives keeps a job far longer than the ack wait', async () => {
    const long = defineJob<null, number>('long')
    let begun = 0
    const handler = perform(long, async () => {
      begun++
      await ackWaits(3)
      return begun
    })
    await Promise.all([bench.workers([handler]), bench.workers([handler])])
    await bench.queue.add(long, null, { id: 'long-1' })
    expect(await bench.queue.result(long, 'long-1')).toBe(1)
  })

  test.concurrent(
    'F7 that lives gives back what does not end in time when it stops, and that is no attempt',
    async () => {
      const slow = defineJob<null, number>('slow')
      const first = await bench.workers([perform(slow, async () => new Promise<never>(() => undefined))], {
        drainMs: 10,
      })
      await bench.queue.add(slow, null, { id: 'slow-1' })
      await bench.reaches('slow-1', 'active')
      await first.stop()
      expect(await bench.queue.get('slow-1')).toMatchObject({ state: 'waiting', attempt: 0 })
      await bench.workers([perform(slow, async (_, { attempt }) => attempt)])
      expect(await bench.queue.result(slow, 'slow-1')).toBe(1)
    },
  )

  test.concurrent(
    'F7 N1 that lives after having been frozen has lost its claim, and its outcome is not taken',
    async () => {
      const contested = defineJob<null, string>('contested')
      await bench.queue.add(contested, null, { id: 'contested-1' })
      const child = await dyingWorker('contested')
      child.kill('SIGSTOP')
      await bench.workers([perform(contested, async () => 'from the living')])
      expect(await bench.queue.result(contested, 'contested-1')).toBe('from the living')
      const said = once(child.stdout, 'data')
      child.kill('SIGCONT')
      child.stdin.write('let go\n')
      expect(String((await said)[0])).toBe('CLAIM_LOST\n')
      const job = await bench.queue.get('contested-1')
      expect(job).toMatchObject({ state: 'completed', result: 'from the living', attempt: 2 })
    },
  )
})

describe('a broker that crashes and comes back', () => {
  let own: Site
  beforeAll(async () => void (own = await openSite()))
  afterAll(() => own.close())

  test('F7 N1 loses no job: what waited, was scheduled, recurs or ran is done', async () => {
    const { bench, crash, restart } = own
    const kind = defineJob<string, string>('durable')
    const release = Promise.withResolvers<void>()
    const done: string[] = []
    await bench.workers([
      perform(kind, async (payload, { id }) => {
        if (payload === 'running') await release.promise
        done.push(id.split('@')[0]!)
        return payload
      }),
    ])
    await bench.queue.add(kind, 'running', { id: 'running' })
    await bench.reaches('running', 'active')
    await bench.queue.add(kind, 'soon', { id: 'soon', delayMs: 1_500 })
    await bench.queue.add(kind, 'tick', { id: 'tick', everyMs: 1_000 })
    await crash()
    release.resolve()
    const added = bench.queue.add(kind, 'added while it was away', { id: 'added' })
    await restart()
    await added
    await eventually(() => expect(done).toEqual(expect.arrayContaining(['running', 'soon', 'tick', 'added'])))
    for (const id of ['running', 'soon', 'added']) {
      expect(await bench.reaches(id, 'completed')).toMatchObject({ attempt: 1 })
      expect(done.filter((each) => each === id)).toHaveLength(1)
    }
  })
})

/** Lets the broker's clock pass: there is no other way to see that nothing happens meanwhile. */
async function ackWaits(count: number): Promise<void> {
  const until = performance.now() + count * ackWaitMs
  await eventually(() => performance.now() >= until)
}
