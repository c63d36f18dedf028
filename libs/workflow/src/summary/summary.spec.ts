import { describe, expect, test } from '@jest/globals'
import { Retryable, Terminal } from '@pitcrew/errors'
import { defineWorkflow } from '../definition/define.ts'
import { plainLifecycle } from '../definition/lifecycle.ts'
import { decodeFrame, type Entry } from '../runner/frame.ts'
import { capability, Harness, type Agents } from '../testing/index.ts'
import { workflowSummary } from './summary.ts'

const inspect = capability<{ vehicle: string }, { recommendations: string[] }>('inspect')
const compare = capability<{ vehicle: string }, { recommendations: string[] }>('compare')

const visit = defineWorkflow<{ vehicle: string }>('visit', 3, plainLifecycle, (flow, input) => {
  flow.task('inspect', inspect, { input })
  flow.wait('customer', { signals: ['arrived'], timeoutMs: null, reason: 'the customer' })
  flow.task('compare', compare, { input })
})

const entriesOf = (harness: Harness, id: string): Entry[] =>
  harness.log.frames.flatMap(({ frame }) => decodeFrame(frame).entries.filter((entry) => entry.id === id))

const twice = (): Agents => {
  let asked = 0
  return {
    inspect: () => {
      if (++asked === 1) throw new Retryable('BUSY', 'the bay is taken')
      return { recommendations: ['Replace the hose', 'flush the coolant'] }
    },
    compare: () => ({ recommendations: ['replace  the hose ', 'Check the pump'] }),
  }
}

describe('C5 the summary of a session', () => {
  test('C5 tells how long it took, who did what in how many attempts, and how it ended', async () => {
    const harness = await Harness.start([visit], twice())
    await harness.run(visit, 'v', { vehicle: 'x' })
    await harness.pass(2_000)
    await harness.submit('v', { type: 'paused', reason: 'lunch', by: 'p' })
    await harness.pass(60_000)
    await harness.submit('v', { type: 'resumed', by: 'p' })
    await harness.pass(30_000)
    const open = workflowSummary(entriesOf(harness, 'v'))
    expect(open).toMatchObject({ status: 'running', endedAt: null, outcome: '' })
    await harness.signal('v', 'arrived', {})

    const summary = workflowSummary(entriesOf(harness, 'v'))!
    expect(summary).toMatchObject({ id: 'v', definition: 'visit', version: 3, status: 'completed', signals: 1 })
    expect(summary.durationMs).toBe(92_000)
    expect(summary.endedAt).toBe(summary.startedAt + 92_000)
    expect(summary.pausedMs).toBe(60_000)
    expect(summary.phases.reduce((sum, { ms }) => sum + ms, 0)).toBe(92_000)
    expect(summary.tasks).toEqual([
      { path: 'inspect', attempts: 2, failures: ['BUSY'], ms: 2_000, is: 'succeeded' },
      { path: 'compare', attempts: 1, failures: [], ms: 0, is: 'succeeded' },
    ])
    expect(summary.agents).toEqual([{ agent: 'test', succeeded: 2, failed: 1 }])
  })

  test('C5 consolidates what is recommended: the same advice once, with all who gave it', async () => {
    const harness = await Harness.start([visit], twice())
    await harness.run(visit, 'v', { vehicle: 'x' })
    await harness.pass(2_000)
    await harness.signal('v', 'arrived', {})
    expect(workflowSummary(entriesOf(harness, 'v'))?.recommendations).toEqual([
      { what: 'Replace the hose', from: ['inspect', 'compare'] },
      { what: 'flush the coolant', from: ['inspect'] },
      { what: 'Check the pump', from: ['compare'] },
    ])
  })

  test('C5 a session that failed says where and why', async () => {
    const broken = { inspect: () => Promise.reject(new Terminal('NO_VEHICLE', 'it is not here')) }
    const harness = await Harness.start([visit], broken)
    await harness.run(visit, 'v', { vehicle: 'x' })
    const summary = workflowSummary(entriesOf(harness, 'v'))
    expect(summary).toMatchObject({ status: 'failed', failure: { code: 'NO_VEHICLE', node: 'inspect' } })
    expect(summary?.tasks).toEqual([{ path: 'inspect', attempts: 1, failures: ['NO_VEHICLE'], ms: 0, is: 'failed' }])
  })

  test('C5 of nothing there is nothing to say', () => expect(workflowSummary([])).toBeUndefined())
})
