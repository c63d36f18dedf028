import { describe, expect, test } from '@jest/globals'
import { Retryable, Terminal } from './errors.ts'
import { problemOf } from './problem.ts'

describe('problem details', () => {
  test('carry code and hint beside what RFC 9457 names', () => {
    expect(problemOf(new Terminal('NOT_FOUND', 'there is no case "c"', { hint: 'list the cases' }))).toEqual({
      status: 404,
      headers: { 'content-type': 'application/problem+json' },
      body: {
        type: 'about:blank',
        title: 'NOT_FOUND',
        status: 404,
        detail: 'there is no case "c"',
        code: 'NOT_FOUND',
        hint: 'list the cases',
      },
    })
  })

  test.each([
    [undefined, '1'],
    [0, '1'],
    [1_001, '2'],
  ])('of what may succeed after %p ms say when, in whole seconds', (afterMs, header) => {
    const { status, headers } = problemOf(new Retryable('DATABASE_UNAVAILABLE', 'away', { afterMs }))
    expect([status, headers['retry-after']]).toEqual([503, header])
  })

  test.each([
    [{ statusCode: 413 }, 413, 'TOO_LARGE'],
    [{ statusCode: 415 }, 400, 'BAD_REQUEST'],
    [{ statusCode: 500 }, 500, 'INTERNAL'],
    [{}, 500, 'INTERNAL'],
  ])('of a foreign error %p blame the right side', (members, status, code) => {
    const { body } = problemOf(Object.assign(new Error('odd'), members))
    expect(body).toMatchObject({ status, code, detail: 'odd' })
  })
})
