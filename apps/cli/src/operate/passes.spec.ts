import { expect, test } from '@jest/globals'
import { analysis } from '@pitcrew/contracts'
import { passesText } from './passes.ts'

test('C6 shows each pass of a diagnosis in one line: what it gained, what it asked and why it was or was not the last', () => {
  const nodes = ['fault-codes', 'vehicle-history'].map((node) => ({ node, failed: node === 'fault-codes', news: 0.1 }))
  const verdict = (stop: boolean, reason: analysis.IterationReason, gain: number, explanation: string) => ({
    stop,
    reason,
    explanation,
    metrics: { gain },
  })
  const { CONTINUE, NO_IMPROVEMENT } = analysis.IterationReason
  const diagnose = analysis.RankHypothesesResponse.fromPartial({
    passes: [
      { confidence: 0.42, durationMs: 1_234, window: 1, nodes, verdict: verdict(false, CONTINUE, 0.42, 'wider') },
      {
        confidence: 0.4,
        durationMs: 800,
        window: 2,
        nodes: nodes.slice(1),
        verdict: verdict(true, NO_IMPROVEMENT, -0.02, 'no gain'),
      },
    ],
  })
  expect(passesText({ diagnose }).split('\n')).toEqual([
    '  pass 1: 42 % (+42 %), 2 nodes, window 1, 1.2 s; failed: fault-codes; goes on (continue): wider',
    '  pass 2: 40 % (-2 %), 1 node, window 2, 0.8 s; stops (no improvement): no gain',
  ])
  expect(passesText({})).toBe('')
})
