import { expect, test } from '@jest/globals'
import { choose, judgeIteration, type Json } from '@pitcrew/workflow'
import { decisionIn } from './decision-record.ts'

const output = (value: unknown) =>
  decisionIn({ type: 'task-succeeded', at: 1, path: 'n', attempt: 1, agent: 'a', output: value as Json })

test('C2 a choice of the decision engine in an output is a decision, with its factors', () => {
  const policy = { name: 'channel', factors: [{ name: 'value', weight: 1, favours: 'high' as const }], threshold: 0 }
  const candidates = [{ id: 'sms', action: 'send', factors: { value: 0.9 } }]
  const decision = choose(policy, candidates, { state: '', now: 1 })
  expect(output({ message: {}, decision })).toEqual({
    kind: 'choice',
    chosen: 'sms',
    explanation: decision.because,
    record: decision,
  })
})

test('C6 the verdict on an iteration is a decision', () => {
  const limits = {
    quality: 0.7,
    maxIterations: 3,
    budgetMs: 1_000,
    improvement: 0.02,
    patience: 1,
    maxErrorRate: 0.5,
    widest: 3,
    maxRetries: 2,
  }
  const nodes = [{ node: 'n', failed: false, news: 1 }]
  const verdict = judgeIteration([{ quality: 0.9, durationMs: 10, window: 1, nodes }], limits)
  expect(output({ hypotheses: [], verdict })).toMatchObject({
    kind: 'iteration',
    chosen: 'stop',
    explanation: expect.stringMatching(/\w/),
  })
})

test('C2 a person, an admission and nothing at all', () => {
  const decided = {
    type: 'decided',
    at: 1,
    path: 'ask',
    approved: false,
    by: 'ann',
    comment: '',
    decisionId: 'd',
  } as const
  expect(decisionIn(decided)).toMatchObject({ kind: 'approval', chosen: 'rejected', explanation: 'rejected by ann' })
  const factors = { chosen: 'w-1', because: 'it is the most urgent' }
  expect(decisionIn({ type: 'admitted', at: 1, factors } as never)).toMatchObject({ kind: 'admission', chosen: 'w-1' })
  expect(output({ decision: 'none', verdict: null })).toBeNull()
  expect(output([1, 2])).toBeNull()
})
