import { describe, expect, test } from '@jest/globals'
import { defineWorkflow } from '../definition/define.ts'
import { plainLifecycle } from '../definition/lifecycle.ts'
import { eq } from '../definition/reference.ts'
import { capability, Harness } from '../testing/index.ts'

const book = capability<{ by: string }, { number: string }>('book')
const day = 86_400_000

const asking = (onTimeout: 'reject' | 'approve' | 'fail' = 'reject') =>
  defineWorkflow<{ amount: number }, unknown>('asking', 1, plainLifecycle, (flow, input) => {
    const decision = flow.approval('approve', {
      reason: 'more than the limit',
      approvers: 'fleet-manager',
      timeoutMs: day,
      onTimeout,
    })
    flow.task('book', book, { input: { by: decision.by }, when: eq(decision.approved, true) })
    // @ts-expect-error an approval has no such field
    flow.value('wrong', decision.reason)
    // @ts-expect-error nothing else can happen on timeout
    flow.approval('bad', { reason: '', approvers: '', timeoutMs: null, onTimeout: 'wait', when: eq(input.amount, 0) })
    return decision
  })

async function asked(onTimeout?: 'reject' | 'approve' | 'fail'): Promise<{ harness: Harness; booked: unknown[] }> {
  const definition = asking(onTimeout)
  const booked: unknown[] = []
  const harness = await Harness.start([definition], { book: (input) => (booked.push(input), { number: '1' }) })
  await harness.run(definition, 'w', { amount: 1 })
  return { harness, booked }
}

describe('F3 an approval', () => {
  test.each([true, false])('F3 waits for a person, who says %p', async (approved) => {
    const { harness, booked } = await asked()
    expect(harness.lastView('w')?.active).toEqual(['approve'])
    await harness.pass(1_000)
    await harness.decide('w', 'approve', approved, { by: 'ada', comment: 'seen' })
    const at = harness.clock.now()
    expect((await harness.ending('w')).output).toEqual({ approved, by: 'ada', comment: 'seen', at, timedOut: false })
    expect(booked).toEqual(approved ? [{ by: 'ada' }] : [])
  })

  test.each([
    ['reject', false],
    ['approve', true],
  ] as const)('F3 that nobody decides in time counts as told: %s', async (onTimeout, approved) => {
    const { harness } = await asked(onTimeout)
    await harness.pass(day)
    expect((await harness.ending('w')).output).toMatchObject({ approved, by: '', timedOut: true })
  })

  test('F3 that nobody decides in time can fail the workflow, and is asked again on a retry', async () => {
    const { harness } = await asked('fail')
    await harness.pass(day)
    expect(await harness.ending('w')).toMatchObject({ status: 'failed', failure: { code: 'APPROVAL_TIMED_OUT' } })
    await harness.submit('w', { type: 'retried', by: 'test' })
    await harness.decide('w', 'approve', true)
    expect(await harness.ending('w')).toMatchObject({ status: 'completed' })
  })

  test('F4 takes a decision once, and only while it waits for one', async () => {
    const { harness } = await asked()
    const decided = { type: 'decided', path: 'approve', by: 'ada', comment: '', decisionId: 'd1' } as const
    await expect(harness.submit('w', { ...decided, path: 'book', approved: true })).rejects.toMatchObject({
      code: 'NOT_AWAITED',
      hint: 'a decision is awaited at approve',
    })
    await harness.submit('w', { type: 'paused', reason: '', by: 'test' })
    await harness.submit('w', { ...decided, approved: false })
    await harness.submit('w', { ...decided, approved: true })
    await expect(harness.decide('w', 'approve', true, { decisionId: 'd2' })).rejects.toMatchObject({
      code: 'NOT_AWAITED',
    })
    await harness.submit('w', { type: 'resumed', by: 'test' })
    await harness.settle()
    expect((await harness.ending('w')).output).toMatchObject({ approved: false })
  })

  test('F3 a signal is no decision', async () => {
    const { harness } = await asked()
    await harness.signal('w', 'approve', { approved: true })
    expect(harness.state('w')?.nodes.approve).toMatchObject({ is: 'waiting' })
  })
})
