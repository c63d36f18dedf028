import { describe, expect, test } from '@jest/globals'
import { Cancelled, fromWire, Retryable, statusOf, Terminal, toFailure, toWire } from './index.ts'

describe('failures', () => {
  test('travel as data and come back as the same kind, code and hint', () => {
    for (const failure of [
      new Terminal('NOT_FOUND', 'no such case', { hint: 'list the cases' }),
      new Retryable('DEALER_BUSY', 'try later', { afterMs: 2000 }),
      new Cancelled('ABORTED', 'asked to stop'),
    ]) {
      const back = fromWire(JSON.parse(JSON.stringify(toWire(failure))))
      expect(back).toBeInstanceOf(failure.constructor)
      expect(toWire(back)).toEqual(toWire(failure))
    }
  })

  test('that nobody classified are retried, an abort is a cancellation', () => {
    expect(toFailure(new RangeError('odd'))).toMatchObject({ kind: 'retryable', code: 'INTERNAL', message: 'odd' })
    expect(toFailure(new DOMException('stop', 'AbortError'))).toMatchObject({ kind: 'cancelled' })
  })

  test('map to one status each for gRPC and HTTP, by code and else by kind', () => {
    expect(statusOf(new Terminal('NOT_FOUND', ''))).toEqual({ grpc: 5, http: 404 })
    expect(statusOf(new Terminal('BAD_VIN', ''))).toEqual({ grpc: 3, http: 400 })
    expect(statusOf(new Retryable('DATABASE_DOWN', ''))).toEqual({ grpc: 14, http: 503 })
  })
})
