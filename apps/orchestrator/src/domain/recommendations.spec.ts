import { expect, test } from '@jest/globals'
import { consolidated } from './recommendations.ts'

test('C5 recommendations of nodes, failure and evaluation are consolidated: each once, the weightiest first', () => {
  const outputs = {
    $input: { recommendation: 'not a result' },
    analyse: { details: { recommendations: ['Check the pump', { text: 'Bleed the system', weight: 0.95 }, 7] } },
    'loop[1]/x': [{ recommendedAction: 'check the PUMP.' }],
    other: null,
  }
  const failure = { node: 'book', kind: 'terminal', code: 'DOWN', message: '', hint: 'is the dealer open?' } as const
  const evaluated = [{ text: 'book failed 3 of 4 attempts', source: 'book errorRate', weight: 0.9 }]
  expect(consolidated({ failure, outputs }, evaluated)).toEqual([
    { text: 'is the dealer open?', source: 'book', weight: 1 },
    { text: 'Bleed the system', source: 'analyse', weight: 0.95 },
    { text: 'book failed 3 of 4 attempts', source: 'book errorRate', weight: 0.9 },
    { text: 'Check the pump', source: 'analyse', weight: 0.8 },
  ])
  expect(consolidated({ failure: null, outputs: null }, [])).toEqual([])
})
