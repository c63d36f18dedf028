import { describe, expect, test } from '@jest/globals'
import { Cancelled, Retryable, Terminal, toFailure } from '@pitcrew/errors'
import { fateOf } from './fate.ts'

describe('an event that was not published', () => {
  test('4 is parked when it was refused for what it is', () => {
    const failure = new Terminal('TOO_LARGE', '2 MB')
    expect(fateOf(failure, 0)).toEqual({ is: 'parked', failure })
  })

  test.each([
    new Terminal('FORBIDDEN', 'UEBA narrowed us'),
    new Terminal('UNAUTHENTICATED', 'no such nkey'),
    new Retryable('BROKER_UNAVAILABLE', 'away'),
    new Cancelled('CONNECTION_CLOSED', 'closed'),
    toFailure(new Error('nobody classified it')),
  ])('5 waits while $code lasts', (failure) => {
    expect(fateOf(failure, 0)).toMatchObject({ is: 'delayed', failure })
  })

  test('5 waits longer each time, up to five seconds, or as long as it was asked to', () => {
    const away = new Retryable('BROKER_UNAVAILABLE', 'away')
    const waits = [0, 1, 2, 3, 4, 100].map((attempts) => fateOf(away, attempts))
    expect(waits.map((fate) => fate.is === 'delayed' && fate.afterMs)).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000])
    const busy = new Retryable('RATE_LIMITED', 'busy', { afterMs: 30_000 })
    expect(fateOf(busy, 0)).toMatchObject({ afterMs: 30_000 })
  })
})
