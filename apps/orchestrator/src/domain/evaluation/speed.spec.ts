import { expect, test } from '@jest/globals'
import { EvaluationLedger } from './ledger.ts'
import { drawHistory, seeded } from './spec-history.ts'

test('F10 evaluates more than 1,000 workflows a second of processor time, baselines and all', () => {
  const random = seeded(1)
  const histories = Array.from({ length: 3_000 }, (_, i) => drawHistory(`w${i}`, random))
  const ledger = new EvaluationLedger()
  // Processor time, since the machine may be busy with other tests.
  const before = process.cpuUsage()
  for (const history of histories) ledger.evaluate(history)
  const { user, system } = process.cpuUsage(before)
  expect(histories.length / ((user + system) / 1e6)).toBeGreaterThan(1_000)
  expect(ledger.standing('drawn', 1)).toMatchObject({ evaluations: 120, baseline: { samples: 100 } })
})
