import { describe, expect, test } from '@jest/globals'
import { Cancelled, Retryable, Terminal } from '@pitcrew/errors'
import { outcomeOf } from './outcome.ts'
import { backoffMs } from './pause.ts'

describe('what becomes of a message', () => {
  test('follows from the kind of its failure', () => {
    const refused = new Terminal('BAD_VIN', 'no')
    expect(outcomeOf(refused, 1, 20)).toEqual({ then: 'dead-letter', failure: refused })
    expect(outcomeOf(new Cancelled('STOPPING', 'no'), 1, 20)).toEqual({ then: 'give-back' })
    expect(outcomeOf(new Retryable('BUSY', 'later', { afterMs: 7 }), 1, 20)).toEqual({ then: 'retry', afterMs: 7 })
  })

  test('L9 is the dead letter when it failed for as often as it may', () => {
    expect(outcomeOf(new Retryable('BUSY', 'later'), 19, 20)).toMatchObject({ then: 'retry' })
    expect(outcomeOf(new Retryable('BUSY', 'later'), 20, 20)).toMatchObject({ then: 'dead-letter' })
  })

  test('doubles its delay from 1 s to 60 s', () => {
    expect([1, 2, 3, 6, 7, 8, 10_000].map((deliveries) => backoffMs(deliveries))).toEqual([
      1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000,
    ])
  })
})
