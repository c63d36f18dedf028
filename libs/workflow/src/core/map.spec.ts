import { describe, expect, test } from '@jest/globals'
import { Retryable, Terminal } from '@pitcrew/errors'
import type { RootFlow } from '../definition/define.ts'
import { defineWorkflow } from '../definition/define.ts'
import { plainLifecycle } from '../definition/lifecycle.ts'
import { add, type Ref } from '../definition/reference.ts'
import { capability, Harness } from '../testing/index.ts'
import { compile } from './compile.ts'
import { apply, born } from './decide.ts'
import type { Command } from './event.ts'

interface Vehicle {
  vin: string
  km: number
}

const look = capability<{ vin: string; at: number }, { seen: string }>('look')
const hold = capability<{ vin: string }, { booking: string }>('hold')
const release = capability<{ booking: string }, null>('release')

const input = { vehicles: ['a', 'b', 'c', 'd', 'e'].map((vin, km) => ({ vin, km })) }
type Input = typeof input
const define = <O>(build: (flow: RootFlow, input: Ref<Input>) => Ref<O>) =>
  defineWorkflow<Input, O>('mapped', 1, plainLifecycle, build)

const lookAtAll = (onFailure?: 'fail') =>
  define<string[]>((flow, { vehicles }) =>
    flow.map('each', { over: vehicles, concurrency: 2, onFailure }, (one, vehicle: Ref<Vehicle>, index) => {
      return one.task('look', look, { input: { vin: vehicle.vin, at: index } }).seen
    }),
  )

describe('F2 a map', () => {
  test('F2 runs for each element, so many at a time, and gives the results in the order of the list', async () => {
    const definition = lookAtAll()
    const harness = await Harness.start([definition], {
      look: ({ vin, at }: { vin: string; at: number }) => ({ seen: `${vin}${at}` }),
    })
    await harness.submit('w', { type: 'started', definition: 'mapped', version: 1, input })
    const paths = (): string[] => harness.tasks.tasks.map(({ path }) => path)
    expect(paths()).toEqual(['each[1].0/look', 'each[1].1/look'])
    const [first, second] = harness.tasks.tasks.splice(0)
    await harness.perform(second as NonNullable<typeof second>)
    expect(paths()).toEqual(['each[1].2/look'])
    await harness.perform(first as NonNullable<typeof first>)
    expect(paths()).toEqual(['each[1].2/look', 'each[1].3/look'])
    await harness.settle()
    expect(await harness.ending('w')).toMatchObject({ status: 'completed', output: ['a0', 'b1', 'c2', 'd3', 'e4'] })
  })

  test('F2 over an empty list, or over nothing, gives an empty list', async () => {
    for (const vehicles of [[], null]) {
      const definition = lookAtAll()
      const harness = await Harness.start([definition], {})
      await harness.run(definition, 'w', { vehicles })
      expect(await harness.ending('w')).toMatchObject({ status: 'completed', output: [] })
    }
  })

  test('F2 over something that is no list fails', async () => {
    const definition = lookAtAll()
    const harness = await Harness.start([definition], {})
    await harness.run(definition, 'w', { vehicles: 'all' })
    expect(await harness.ending('w')).toMatchObject({
      status: 'failed',
      failure: { code: 'BAD_EXPRESSION', node: 'each' },
    })
  })

  test('F2 fails with the first element that fails, and takes back what the others are doing', async () => {
    const definition = lookAtAll('fail')
    const harness = await Harness.start([definition], {
      look: () => {
        throw new Terminal('BROKEN', 'no signal')
      },
    })
    await harness.submit('w', { type: 'started', definition: 'mapped', version: 1, input })
    const task = harness.tasks.take()
    await harness.perform(task as NonNullable<typeof task>)
    expect(harness.tasks.cancelled).toEqual([{ workflowId: 'w', path: 'each[1].1/look', attempt: 1 }])
    expect(await harness.ending('w')).toMatchObject({ status: 'failed', failure: { node: 'each[1].0/look' } })
  })

  test('F2 collects failures beside results when it is told to', async () => {
    const definition = define((flow, { vehicles }) =>
      flow.map('each', { over: vehicles, concurrency: 3, onFailure: 'collect' }, (one, vehicle, index) => {
        const { seen } = one.task('look', look, { input: { vin: vehicle.vin, at: index } })
        one.task('look-again', look, { input: { vin: seen, at: index } })
        return seen
      }),
    )
    const harness = await Harness.start([definition], {
      look: ({ vin }: { vin: string }) => {
        if (vin === 'b') throw new Terminal('BROKEN', 'no signal', { hint: 'look for a cable' })
        if (vin === 'd') throw new Retryable('BUSY', 'later')
        return { seen: vin }
      },
    })
    await harness.run(definition, 'w', input)
    await harness.pass(60_000)
    expect(await harness.ending('w')).toMatchObject({
      status: 'completed',
      output: [
        { ok: 'a' },
        { failure: { code: 'BROKEN', hint: 'look for a cable' } },
        { ok: 'c' },
        { failure: { code: 'BUSY' } },
        { ok: 'e' },
      ],
    })
  })

  test('F3 an element that ends or fails during a pause goes on after it', async () => {
    const definition = define((flow, { vehicles }) =>
      flow.map('each', { over: vehicles, concurrency: 2, onFailure: 'collect' }, (one, vehicle, index) => {
        return one.task('look', look, { input: { vin: vehicle.vin, at: index } }).seen
      }),
    )
    const harness = await Harness.start([definition], {
      look: ({ vin }: { vin: string }) => {
        if (vin === 'b') throw new Terminal('BROKEN', 'no signal')
        return { seen: vin }
      },
    })
    await harness.submit('w', { type: 'started', definition: 'mapped', version: 1, input })
    await harness.submit('w', { type: 'paused', reason: '', by: 'test' })
    await harness.settle()
    expect(harness.state('w')?.status).toBe('paused')
    await harness.submit('w', { type: 'resumed', by: 'test' })
    await harness.settle()
    expect((await harness.ending('w')).output).toMatchObject([
      { ok: 'a' },
      { failure: { code: 'BROKEN' } },
      { ok: 'c' },
      { ok: 'd' },
      { ok: 'e' },
    ])
  })

  test('F3 compensates what its elements did, and runs them anew on a retry', async () => {
    const done: string[] = []
    let closed = true
    const definition = define<unknown>((flow, { vehicles }) => {
      const all = flow.map('each', { over: vehicles, concurrency: 2 }, (one, vehicle) =>
        one.task('hold', hold, {
          input: { vin: vehicle.vin },
          undo: (held) => ({ capability: release, input: { booking: held.booking } }),
        }),
      )
      flow.task('look', look, { input: { vin: '', at: 0 } })
      return all
    })
    const harness = await Harness.start([definition], {
      hold: ({ vin }: { vin: string }) => (done.push(`hold ${vin}`), { booking: vin }),
      release: ({ booking }: { booking: string }) => (done.push(`release ${booking}`), null),
      look: () => {
        if (closed) throw new Terminal('CLOSED', '')
        return { seen: '' }
      },
    })
    await harness.run(definition, 'w', { vehicles: input.vehicles.slice(0, 3) })
    expect(done).toEqual(['hold a', 'hold b', 'hold c', 'release c', 'release b', 'release a'])
    closed = false
    await harness.submit('w', { type: 'retried', by: 'test' })
    await harness.settle()
    expect(done.slice(6)).toEqual(['hold a', 'hold b', 'hold c'])
    expect(await harness.ending('w')).toMatchObject({ output: [{ booking: 'a' }, { booking: 'b' }, { booking: 'c' }] })
  })

  test('F2 inside of another map, each element knows its own and the one around it', async () => {
    const definition = defineWorkflow<{ rows: { name: string; cells: number[] }[] }, number[][]>(
      'nested',
      1,
      plainLifecycle,
      (flow, { rows }) =>
        flow.map('rows', { over: rows, concurrency: 2 }, (row, one, at) =>
          row.map('cells', { over: one.cells, concurrency: 3 }, (cell, value, index) =>
            cell.value('sum', add(add(value, at), index)),
          ),
        ),
    )
    const harness = await Harness.start([definition], {})
    await harness.run(definition, 'w', { rows: [{ cells: [10, 20] }, { cells: [] }, { cells: [30, 40, 50] }] })
    expect((await harness.ending('w')).output).toEqual([[10, 21], [], [32, 43, 54]])
  })

  test('F2 runs for 10,000 elements in time that grows with their number, not with its square', () => {
    const definition = defineWorkflow<{ list: number[] }, number[]>('long', 1, plainLifecycle, (flow, { list }) =>
      flow.map('each', { over: list, concurrency: 100 }, (one, _, index) => {
        return one.task('look', look, { input: { vin: '', at: index } }) as never
      }),
    )
    const perItem = (length: number): number => {
      const program = compile(definition)
      const started = {
        type: 'started',
        at: 0,
        definition: 'long',
        version: 1,
        input: { list: new Array(length).fill(0) },
      } as const
      const state = born('w', program, started)
      const begin = performance.now()
      const queue: Command[] = apply(program, state, started)
      for (let i = 0; i < queue.length; i++) {
        const command = queue[i] as Command
        if (command.type !== 'run-task') continue
        const { path, attempt } = command
        queue.push(...apply(program, state, { type: 'task-succeeded', at: 0, path, attempt, output: i, agent: 'a' }))
      }
      expect(state).toMatchObject({ status: 'completed', revision: length + 1 })
      return (performance.now() - begin) / length
    }
    perItem(1_000)
    expect(perItem(10_000)).toBeLessThan(5 * perItem(1_000))
  })

  test('does not compile with the wrong element or result', () => {
    define<string[]>((flow, { vehicles }) => {
      // @ts-expect-error a text is no list
      flow.map('no-list', { over: vehicles, concurrency: 1 }, (one, vehicle: Ref<string>) => vehicle)
      flow.map('wrong-field', { over: vehicles, concurrency: 1 }, (one, vehicle) => {
        // @ts-expect-error elements have no such field
        return vehicle.colour ?? null
      })
      const numbers = flow.map('numbers', { over: vehicles, concurrency: 1 }, (one, vehicle) => vehicle.km)
      const texts = flow.map('texts', { over: vehicles, concurrency: 1 }, (one, vehicle) => vehicle.vin)
      flow.map('over-numbers', { over: numbers, concurrency: 1 }, (one, number) =>
        // @ts-expect-error a number is no text
        one.task('look', look, { input: { vin: number, at: 1 } }),
      )
      return texts
    })
  })

  test.each([0, 1.5, 1_001])('is refused with %p elements at a time', (concurrency) => {
    expect(() => define((flow, { vehicles }) => flow.map('m', { over: vehicles, concurrency }, () => 1))).toThrow(
      /expected 1 to 1000/,
    )
  })
})
