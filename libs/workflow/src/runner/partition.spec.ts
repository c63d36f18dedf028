import { describe, expect, test } from '@jest/globals'
import { Definitions } from '../core/compile.ts'
import type { Incoming } from '../core/event.ts'
import type { WorkflowState } from '../core/state.ts'
import { defineWorkflow } from '../definition/define.ts'
import type { Json } from '../definition/json.ts'
import { plainLifecycle } from '../definition/lifecycle.ts'
import { ManualClock, MemoryLog, MemorySnapshots, MemoryTasks, Random, capability } from '../testing/index.ts'
import { Admissions } from './admissions.ts'
import { decodeFrame, type Entry } from './frame.ts'
import { LocalTasks } from './local-tasks.ts'
import { Partition, type PartitionOptions } from './partition.ts'
import type { Snapshot, SnapshotWriter } from './ports.ts'

const work = capability<{ n: number }, { n: number }>('work')

const asking = defineWorkflow<{ n: number }>('asking', 1, plainLifecycle, (flow, input) => {
  flow.wait('first', { signals: ['go'], timeoutMs: null, reason: 'a word' })
  flow.wait('second', { signals: ['go'], timeoutMs: 3_600_000, reason: 'another word' })
  flow.value('given', { n: input.n })
})

const chain = defineWorkflow<{ n: number }>('chain', 1, plainLifecycle, (flow, input) => {
  const one = flow.task('one', work, { input: { n: input.n } })
  flow.task('two', work, { input: { n: one.n } })
})

const definitions = new Definitions([asking, chain])

interface World {
  clock: ManualClock
  log: MemoryLog
  snapshots: MemorySnapshots
  tasks: MemoryTasks
}

const newWorld = (): World => ({
  clock: new ManualClock(),
  log: new MemoryLog(),
  snapshots: new MemorySnapshots(),
  tasks: new MemoryTasks(),
})

const open = (world: World, more: Partial<PartitionOptions> = {}): Promise<Partition> =>
  Partition.open({
    definitions,
    ...world,
    onLost: () => undefined,
    onTrouble: (failure) => {
      throw failure
    },
    ...more,
  })

const started = (definition: string, n: number, more: { attributes?: Record<string, Json> } = {}): Incoming => ({
  type: 'started',
  definition,
  version: 1,
  input: { n },
  ...more,
})
const go = (signalId: string): Incoming => ({ type: 'signalled', signal: 'go', signalId, payload: null })
const idsOf = (count: number): string[] => Array.from({ length: count }, (_, n) => `w${n}`)
const entriesOf = (log: MemoryLog): Entry[] => log.frames.flatMap(({ frame }) => decodeFrame(frame).entries)

describe('a partition', () => {
  test('L14 parks what nobody asks for, and reads it back as it was', async () => {
    const world = newWorld()
    const partition = await open(world, { mostLive: 10 })
    const ids = idsOf(500)
    await Promise.all(ids.map((id, n) => partition.submit(id, started('asking', n))))
    expect(partition.size).toBe(500)
    expect(partition.live).toBeLessThan(50)
    await Promise.all(ids.map((id) => partition.submit(id, go('1'))))
    expect(partition.live).toBeLessThan(50)
    expect(partition.get('w7')?.view.active).toEqual(['second'])
    world.clock.advance(3_600_000)
    await new Promise((resolve) => setImmediate(resolve))
    const endings = await Promise.all(ids.map((id) => partition.ending(id)))
    expect(new Set(endings.map(({ status }) => status))).toEqual(new Set(['completed']))
    expect(partition.size).toBe(0)
  })

  test('N1 takes a snapshot beside the work that is the state as of one frame', async () => {
    for (let seed = 1; seed <= 2; seed++) {
      const world = newWorld()
      const random = new Random(seed)
      const snapshots = new SlowSnapshots()
      const partition = await open({ ...world, snapshots }, { mostLive: 900, snapshotEvery: 500 })
      // More than a slice holds, so that there is something left to change while it is written.
      const ids = idsOf(2_500)
      const said = new Map<string, number>()
      for (let step = 0; step < 15_000; step++) {
        const id = ids[random.below(ids.length)] as string
        const signals = said.get(id)
        if (signals === undefined) void partition.submit(id, started('asking', step))
        else if (signals < 2) void partition.submit(id, go(`${signals}`))
        said.set(id, (signals ?? -1) + 1)
        if (random.below(20) === 0) await new Promise((resolve) => setImmediate(resolve))
      }
      await partition.submit('last', started('asking', 0))
      await snapshots.written
      const whole = await statesOf(await open(world))
      expect(snapshots.all.length).toBeGreaterThan(1)
      for (const taken of snapshots.all) {
        const rest = { ...world, snapshots: Object.assign(new MemorySnapshots(), { last: taken }) }
        expect(await statesOf(await open({ ...rest, log: behind(world.log, taken.sequence) }))).toEqual(whole)
      }
    }
  })

  test('N1 refuses what the log could not hold, before anything is changed', async () => {
    const world = newWorld()
    const partition = await open(world)
    await partition.submit('w', started('asking', 1))
    const before = structuredClone(partition.get('w'))
    const payload = 'x'.repeat(300_000)
    await expect(
      partition.submit('w', { type: 'signalled', signal: 'go', signalId: '1', payload }),
    ).rejects.toMatchObject({ kind: 'terminal', code: 'PAYLOAD_TOO_LARGE' })
    expect(partition.get('w')).toEqual(before)
    await partition.submit('w', go('2'))
    expect(partition.get('w')?.view.active).toEqual(['second'])
  })

  test('C1 tells whoever waits how a workflow ended, then and later, and keeps its id taken', async () => {
    const world = newWorld()
    const partition = await open(world)
    await partition.submit('w', started('asking', 7))
    const told = partition.ending('w')
    await partition.submit('w', go('1'))
    await partition.submit('w', go('2'))
    expect(await told).toMatchObject({ status: 'completed', outcome: 'completed' })
    expect(await partition.ending('w')).toEqual(await told)
    await partition.submit('w', started('asking', 8))
    expect(partition.size).toBe(0)
    await expect(partition.submit('w', go('3'))).rejects.toMatchObject({ code: 'GONE' })
    await expect(partition.ending('nobody')).rejects.toMatchObject({ code: 'UNKNOWN_WORKFLOW' })
    const next = await open(world)
    await next.submit('w', started('asking', 9))
    expect(next.size).toBe(0)
  })

  test('F2 does steps in its own process when told how, each durable before the next', async () => {
    const world = newWorld()
    const partition: Partition = await open(world, {
      tasks: new LocalTasks({
        agents: { work: async (input) => ({ n: (input as { n: number }).n + 1 }) },
        submit: (id, event) => partition.submit(id, event),
        clock: world.clock,
        name: 'here',
        onTrouble: (failure) => {
          throw failure
        },
      }),
    })
    await Promise.all(idsOf(50).map((id, n) => partition.submit(id, started('chain', n))))
    await Promise.all(idsOf(50).map((id) => partition.ending(id)))
    const mine = entriesOf(world.log).filter(({ id }) => id === 'w3')
    expect(mine.map(({ event }) => ('output' in event ? event.output : event.type))).toEqual([
      'started',
      { n: 4 },
      { n: 5 },
    ])
  })
})

describe('M7 no more workflows than are allowed', () => {
  const finish = async ({ tasks }: World, partition: Partition): Promise<string | undefined> => {
    const task = tasks.take()
    if (!task) return undefined
    const { path, attempt, workflowId } = task
    await partition.submit(workflowId, { type: 'task-succeeded', path, attempt, output: { n: 0 }, agent: 'a' })
    return workflowId
  }

  test('M7 M2 are worked on at once; the urgent go first, the others in turn, and all come to an end', async () => {
    const world = newWorld()
    const admission = new Admissions({ clock: world.clock, maxActive: 2 })
    const partition = await open(world, { admission })
    const begin = (id: string, priority: number) =>
      partition.submit(id, started('chain', 1, { attributes: { priority } }))
    await Promise.all([begin('r0', 4), begin('r1', 4), begin('r2', 4), begin('r3', 4), begin('u0', 1), begin('u1', 1)])
    expect(world.tasks.tasks.map(({ workflowId }) => workflowId)).toEqual(['r0', 'r1'])
    expect(partition.get('u0')?.state.status).toBe('pending')
    const begun: string[] = []
    for (let id = await finish(world, partition); id; id = await finish(world, partition)) {
      await new Promise((resolve) => setImmediate(resolve))
      await new Promise((resolve) => setImmediate(resolve))
      if (!begun.includes(id)) begun.push(id)
      const active = [...partition.states()].filter(({ status }) => status === 'running')
      expect(active.length).toBeLessThanOrEqual(2)
    }
    expect(begun.slice(2, 4)).toEqual(['u0', 'u1'])
    expect(begun).toHaveLength(6)
    const admitted = entriesOf(world.log).filter(({ event }) => event.type === 'admitted')
    expect(admitted).toHaveLength(4)
    expect(admitted[0]?.event).toMatchObject({ factors: { policy: 'admission', chosen: 'u0' } })
  })

  test('M7 N1 wait on when the process dies, and go on without a limit when there is none any more', async () => {
    const world = newWorld()
    const limited = await open(world, { admission: new Admissions({ clock: world.clock, maxActive: 1 }) })
    await Promise.all(['a', 'b', 'c'].map((id) => limited.submit(id, started('chain', 1))))
    expect(limited.get('b')?.state.status).toBe('pending')
    const still = await open(world, { admission: new Admissions({ clock: world.clock, maxActive: 1 }) })
    expect(['a', 'b', 'c'].map((id) => still.get(id)?.state.status)).toEqual(['running', 'pending', 'pending'])
    const free = await open(world)
    await free.submit('d', started('chain', 1))
    expect(['a', 'b', 'c', 'd'].map((id) => free.get(id)?.state.status)).toEqual(Array(4).fill('running'))
  })
})

/** Takes its time over every slice, while the partition goes on. */
class SlowSnapshots extends MemorySnapshots {
  written: Promise<void> = Promise.resolve()
  readonly all: MemorySnapshots['last'][] = []

  override begin(): SnapshotWriter {
    const writer = super.begin()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.written = promise
    return {
      add: async (slice) => {
        for (let turn = 0; turn < 20; turn++) await new Promise((next) => setImmediate(next))
        await writer.add(slice)
      },
      commit: async (rest: Omit<Snapshot, 'workflows'>) => {
        await writer.commit(rest)
        this.all.push(this.last)
        resolve()
      },
    }
  }
}

function behind(log: MemoryLog, sequence: number): MemoryLog {
  const rest = new MemoryLog()
  rest.frames.push(...log.frames.filter((one) => one.sequence > sequence))
  return rest
}

async function statesOf(partition: Partition): Promise<Map<string, WorkflowState>> {
  return new Map([...partition.states()].map((state) => [state.id, structuredClone(state)] as const).sort())
}
