import { describe, expect, test } from '@jest/globals'
import { Terminal } from '@pitcrew/errors'
import { connectionLost, failureOf } from './failures.ts'

const thrown = (code: string | undefined, message = 'odd', more: object = {}) =>
  Object.assign(new Error(message), { code }, more)

describe('failures', () => {
  test.each([
    ['23505', 'terminal', 'UNIQUE_VIOLATION'],
    ['23P01', 'terminal', 'EXCLUSION_VIOLATION'],
    ['40001', 'retryable', 'SERIALIZATION_FAILURE'],
    ['53100', 'retryable', 'DISK_FULL'],
    ['ENOSPC', 'retryable', 'DISK_FULL'],
    ['08006', 'retryable', 'DATABASE_UNAVAILABLE'],
    ['57P01', 'retryable', 'DATABASE_UNAVAILABLE'],
    ['ECONNREFUSED', 'retryable', 'DATABASE_UNAVAILABLE'],
    ['42P01', 'terminal', 'SQL_ERROR'],
    ['28P01', 'terminal', 'DATABASE_ACCESS_DENIED'],
  ])('%s is %s %s', (code, kind, expected) => {
    expect(failureOf(thrown(code))).toMatchObject({ kind, code: expected })
  })

  test('name the constraint but never the row', () => {
    const failure = failureOf(
      thrown('23505', 'duplicate key', { constraint: 'customer_email', detail: 'Key (email)=(j@x.y)' }),
    )
    expect(failure.details).toMatchObject({ constraint: 'customer_email' })
    expect(JSON.stringify([failure.message, failure.details])).not.toContain('j@x.y')
  })

  test('do not repeat a bad value', () => {
    const failure = failureOf(thrown('22P02', 'invalid input syntax for type integer: "Jane"'))
    expect(failure).toMatchObject({ kind: 'terminal', code: 'BAD_VALUE' })
    expect(failure.message).not.toContain('Jane')
    expect(failure.cause).toBeUndefined()
  })

  test('keep a Failure, and ask the adapter about what has no code', () => {
    const mine = new Terminal('SLOT_TAKEN', 'taken')
    expect(failureOf(mine)).toBe(mine)
    expect(failureOf(thrown(undefined), connectionLost)).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  })
})
