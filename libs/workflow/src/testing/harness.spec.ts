import { describe, expect, test } from '@jest/globals'
import { Retryable } from '@pitcrew/errors'
import { defineWorkflow } from '../definition/define.ts'
import { plainLifecycle } from '../definition/lifecycle.ts'
import { capability } from './capability.ts'
import { everyCrash, Harness, type Agents } from './harness.ts'

const reserve = capability<{ sku: string }, { reservation: string }>('reserve')
const charge = capability<{ reservation: string }, { receipt: string }>('charge')

const order = defineWorkflow<{ sku: string }, { receipt: string }>('order', 1, plainLifecycle, (flow, input) => {
  const { reservation } = flow.task('reserve', reserve, { input: { sku: input.sku } })
  flow.sleep('a-month', { days: 30 })
  const { receipt } = flow.task('charge', charge, { input: { reservation } })
  flow.wait('delivery', { signals: ['delivered'], timeoutMs: null, reason: 'the parcel' })
  return { receipt }
})

const agents: Agents = {
  reserve: ({ sku }: { sku: string }) => ({ reservation: `r-${sku}` }),
  charge: ({ reservation }: { reservation: string }) => ({ receipt: `paid ${reservation}` }),
}
const month = 30 * 86_400_000

describe('the test kit', () => {
  test('skips the time of waits and retries', async () => {
    const calls: number[] = []
    const harness = await Harness.start([order], {
      ...agents,
      charge: () => {
        calls.push(harness.clock.now())
        if (calls.length < 3) throw new Retryable('BANK_DOWN', 'no answer')
        return { receipt: 'paid' }
      },
    })
    const begin = harness.clock.now()
    await harness.run(order, 'o', { sku: 'pads' })
    await harness.pass(month + 10_000)
    expect(calls.map((at) => at - begin - month)).toEqual([0, 2_000, 6_000])
    await harness.signal('o', 'delivered', {})
    expect(await harness.ending('o')).toMatchObject({ status: 'completed', output: { receipt: 'paid' } })
  })

  test('says what is wrong when an agent is missing, or an end has not come', async () => {
    const harness = await Harness.start([order], {})
    await harness.submit('o', { type: 'started', definition: 'order', version: 1, input: { sku: 'x' } })
    await expect(harness.ending('o')).rejects.toMatchObject({ code: 'STILL_OPEN', message: /o is running/ })
    await harness.settle()
    expect(await harness.ending('o')).toMatchObject({ failure: { code: 'NO_AGENT' } })
    await expect(harness.ending('other')).rejects.toMatchObject({ message: /other is not there/ })
  })

  test.each(['refused', 'lost-answer'] as const)(
    'N1 goes on with another process when an append is %s',
    async (fault) => {
      const done: string[] = []
      const harness = await Harness.start([order], {
        ...agents,
        reserve: (input, task) => (done.push(`reserve ${task.attempt}`), { reservation: 'r' }),
      })
      harness.crashAt(2, fault)
      await harness.run(order, 'o', { sku: 'x' })
      expect(harness.crashes).toBe(1)
      expect(harness.history('o').map(({ type }) => type)).toEqual(['started', 'task-succeeded'])
      expect(harness.state('o')?.nodes['a-month']).toMatchObject({ is: 'waiting' })
      // Whoever takes over hands the task out again only if its result is not in the log.
      expect(done).toEqual(fault === 'refused' ? ['reserve 1', 'reserve 1'] : ['reserve 1'])
    },
  )

  test('N1 runs a scenario with a crash at every append, before and after it', async () => {
    const crashes: number[] = []
    const runs = await everyCrash(
      [order],
      () => agents,
      async (harness) => {
        await harness.run(order, 'o', { sku: 'x' })
        await harness.pass(month)
        await harness.signal('o', 'delivered', {}, 'd')
        expect(await harness.ending('o')).toMatchObject({ output: { receipt: 'paid r-x' } })
        crashes.push(harness.crashes)
      },
    )
    // Started, reserved, slept, charged, delivered: five appends, each with two ways to die.
    expect(runs).toBe(11)
    expect(crashes).toEqual([0, ...new Array(10).fill(1)])
  })

  test('N1 fails a scenario that does not survive a crash', async () => {
    const fragile = everyCrash(
      [order],
      () => agents,
      async (harness) => {
        await harness.run(order, 'o', { sku: 'x' })
        expect(harness.crashes).toBe(0)
      },
    )
    await expect(fragile).rejects.toThrow(/toBe/)
  })
})
