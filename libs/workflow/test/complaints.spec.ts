/** What users of other engines complain of, and that it cannot happen here: see docs/guides/engine-complaints.md. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { toFailure, type Failure } from '@pitcrew/errors'
import {
  decodeFrame,
  Definitions,
  defineWorkflow,
  ge,
  Partition,
  plainLifecycle,
  type Clock,
  type Definition,
  type Incoming,
} from '../src/index.ts'
import { capability, Harness, ManualClock, MemoryLog, MemorySnapshots, MemoryTasks } from '../src/testing/index.ts'

const step = capability<{ n: number }, { n: number }>('step')

/** As many transitions as it has rounds, and a few. */
const rounds = (count: number): Definition =>
  defineWorkflow<{ n: number }>(`rounds-${count}`, 1, plainLifecycle, (flow, input) => {
    flow.loop<number>('round', {
      initial: input.n,
      max: count,
      run: (round, carry, index) => {
        const done = round.task('step', step, { input: { n: carry } })
        return { next: done.n, until: ge(index, count) }
      },
    })
    flow.wait('end', { signals: ['end'], timeoutMs: null, reason: 'the end' })
  })

const waiting = (version: number, node: string): Definition =>
  defineWorkflow<{ n: number }>('waiting', version, plainLifecycle, (flow) => {
    flow.wait(node, { signals: ['go'], timeoutMs: null, reason: 'a word' })
  })

const dated = defineWorkflow<{ n: number }>('dated', 1, plainLifecycle, (flow) => {
  flow.wait('date', { signals: ['go'], timeoutMs: 86_400_000, reason: 'a day' })
})

const started = (definition: Definition): Incoming => ({
  type: 'started',
  definition: definition.name,
  version: definition.version,
  input: { n: 0 },
})
const signal = (name: string): Incoming => ({ type: 'signalled', signal: name, signalId: name, payload: null })

function world(clock: Clock = new ManualClock()) {
  const troubles: Failure[] = []
  const parts = { clock, log: new MemoryLog(), snapshots: new MemorySnapshots(), tasks: new MemoryTasks() }
  const open = (...definitions: Definition[]): Promise<Partition> =>
    Partition.open({
      ...parts,
      definitions: new Definitions(definitions),
      onLost: (failure) => troubles.push(failure),
      onTrouble: (failure) => troubles.push(failure),
    })
  return { ...parts, troubles, open }
}

describe('history limits and quadratic replay', () => {
  /** Definitions looked up while reading back: a fixed number for each transition that is applied again. */
  async function readingBack(count: number) {
    const definition = rounds(count)
    const stateSizes: number[] = []
    const agents = {
      step: ({ n }: { n: number }) => {
        if (n % 1_000 === 0) stateSizes.push(JSON.stringify(harness.state('w')).length)
        return { n: n + 1 }
      },
    }
    const harness: Harness = await Harness.start([definition], agents)
    await harness.run(definition, 'w', { n: 0 })
    expect(harness.history('w').length).toBeGreaterThan(count)
    let lookedUp = 0
    const get = harness.definitions.get.bind(harness.definitions)
    harness.definitions.get = (name, version) => (lookedUp++, get(name, version))
    await harness.restart()
    const replayed = lookedUp
    await harness.signal('w', 'end', {})
    expect(await harness.ending('w')).toMatchObject({ status: 'completed' })
    return { replayed, stateSizes, frames: harness.log.frames }
  }

  test('N1 a workflow of 60,000 transitions runs, and is read back with work that grows with their number', async () => {
    const half = await readingBack(30_000)
    const whole = await readingBack(60_000)
    expect(whole.replayed / half.replayed).toBeLessThan(2.01)
    // What it carries along and what it writes do not grow with what it has behind it.
    expect(whole.stateSizes.at(-1)!).toBeLessThan(1.1 * whole.stateSizes[1]!)
    const bytes = (from: number, to: number): number =>
      whole.frames.slice(from, to).reduce((sum, { frame }) => sum + frame.length, 0)
    const { length } = whole.frames
    expect(bytes(length >> 1, length)).toBeLessThan(1.1 * bytes(0, length >> 1))
  }, 120_000)

  test('N1 behind a snapshot only what came after it is read', async () => {
    const { log, snapshots, open } = world()
    const definition = waiting(1, 'one')
    const first = await open(definition)
    for (let i = 0; i < 500; i++) await first.submit(`w${i}`, started(definition))
    await first.close()
    const asked: number[] = []
    const read = log.read.bind(log)
    log.read = (sequence) => (asked.push(sequence), read(sequence))
    const next = await open(definition)
    expect(asked).toEqual([snapshots.last.sequence])
    expect(log.frames.filter(({ sequence }) => sequence > asked[0]!)).toHaveLength(1)
    expect(next.size).toBe(500)
  })
})

describe('replay determinism and wedged runs', () => {
  test('N1 a program that was changed, or is not there, is told to whoever asks; the others go on, and so does it later', async () => {
    const { troubles, open } = world()
    const other = dated
    const first = await open(waiting(1, 'one'), waiting(2, 'two'), other)
    await first.submit('changed', started(waiting(1, 'one')))
    await first.submit('gone', started(waiting(2, 'two')))
    await first.submit('other', started(other))
    await first.submit('changed', signal('unheard'))

    const shortened = defineWorkflow<{ n: number }>('waiting', 1, plainLifecycle, (flow) => void flow.value('v', 1))
    const wrong = await open(shortened, other)
    const codeOf = (id: string): Promise<string> =>
      wrong.submit(id, signal('go')).then(
        () => 'taken',
        (error: unknown) => toFailure(error).code,
      )
    expect(await codeOf('changed')).toBe('LOG_MISMATCH')
    expect(await codeOf('gone')).toBe('UNKNOWN_DEFINITION')
    expect(await codeOf('other')).toBe('taken')
    expect([...wrong.broken.keys()].sort()).toEqual(['changed', 'gone'])
    expect(troubles.map(({ code }) => code).sort()).toEqual(['LOG_MISMATCH', 'UNKNOWN_DEFINITION'])

    const right = await open(waiting(1, 'one'), waiting(2, 'two'), other)
    expect(right.broken.size).toBe(0)
    await right.submit('changed', signal('go'))
    await right.submit('gone', signal('go'))
    expect(right.size).toBe(0)
  })
})

describe('polling storms and timer bursts', () => {
  test('L14 workflows that wait ask nobody for anything: one timer for all of them, and not a byte written', async () => {
    const clock = new ManualClock()
    const armed = new Set<object>()
    let asked = 0
    const { wakeAt } = clock
    clock.wakeAt = (at, wake) => {
      const one = {}
      armed.add(one)
      asked++
      const cancel = wakeAt.call(clock, at, () => (armed.delete(one), wake()))
      return () => (armed.delete(one), cancel())
    }
    const { log, tasks, open } = world(clock)
    const partition = await open(dated, waiting(1, 'one'))
    for (let i = 0; i < 2_000; i++) await partition.submit(`w${i}`, started(i % 2 ? dated : waiting(1, 'one')))
    expect(armed.size).toBe(1)
    const before = { frames: log.frames.length, asked }
    clock.advance(86_399_999)
    expect({ frames: log.frames.length, asked }).toEqual(before)
    expect(tasks.tasks).toEqual([])
  })

  test('N1 10,000 timers due at once are worked in slices, and who asks meanwhile is answered before the last of them', async () => {
    const clock = new TurningClock()
    const { log, open } = world(clock)
    const partition = await open(dated, waiting(1, 'one'))
    await partition.submit('asks', started(waiting(1, 'one')))
    await Promise.all(Array.from({ length: 10_000 }, (_, i) => partition.submit(`w${i}`, started(dated))))
    const behind = log.frames.at(-1)!.sequence
    clock.advance(86_400_000)
    await partition.submit('asks', signal('go'))
    expect(partition.size).toBeGreaterThan(5_000)
    await Promise.all(Array.from({ length: 10_000 }, (_, i) => partition.ending(`w${i}`)))
    const sizes = log.frames.filter(({ sequence }) => sequence > behind).map(({ frame }) => decodeFrame(frame))
    expect(sizes.flatMap(({ entries }) => entries)).toHaveLength(10_001)
    expect(Math.max(...sizes.map(({ entries }) => entries.length))).toBeLessThan(5_000)
  }, 30_000)
})

/** What is due is called back in a turn of the event loop of its own, as the machine's clock does. */
class TurningClock implements Clock {
  #now = Date.UTC(2026, 0, 1)
  readonly #waits = new Set<{ at: number; wake: () => void }>()

  now(): number {
    return this.#now
  }

  wakeAt(at: number, wake: () => void): () => void {
    const one = { at, wake }
    this.#waits.add(one)
    this.#look()
    return () => this.#waits.delete(one)
  }

  advance(ms: number): void {
    this.#now += ms
    this.#look()
  }

  #look(): void {
    for (const one of this.#waits) {
      if (one.at > this.#now) continue
      setImmediate(() => {
        if (this.#waits.delete(one)) one.wake()
      })
    }
  }
}

describe('what is kept of the ended', () => {
  test('C5 an id is taken for seven days after the end of its workflow and then free, in memory and in snapshots', async () => {
    const { clock, snapshots, open } = world(new ManualClock())
    const definition = waiting(1, 'one')
    const first = await open(definition)
    await first.submit('w', started(definition))
    await first.submit('w', signal('go'))
    await first.close()
    expect(snapshots.last.ended.map(([id]) => id)).toEqual(['w'])
    const second = await open(definition)
    ;(clock as ManualClock).advance(7 * 86_400_000)
    await second.submit('w', started(definition))
    expect(second.size).toBe(0)
    ;(clock as ManualClock).advance(1)
    await second.close()
    expect(snapshots.last.ended).toEqual([])
    const third = await open(definition)
    await third.submit('w', started(definition))
    expect(third.get('w')?.state).toMatchObject({ status: 'running', revision: 1 })
  })
})

test('every test that docs/guides/engine-complaints.md names is there', () => {
  const root = join(import.meta.dirname, '../../..')
  const page = readFileSync(join(root, 'docs/guides/engine-complaints.md'), 'utf8')
  const named = [...page.matchAll(/^- `(.+?)`: (.+)$/gm)].map(([, file, name]) => ({ file: file!, name: name! }))
  expect(named.length).toBeGreaterThan(20)
  const missing = named.filter(({ file, name }) => !readFileSync(join(root, file), 'utf8').includes(`test('${name}'`))
  expect(missing).toEqual([])
})
