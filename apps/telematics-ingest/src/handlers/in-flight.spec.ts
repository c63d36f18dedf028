import { expect, test } from '@jest/globals'
import { inFlightBound } from './in-flight.ts'

test('L14 refuses what does not fit and takes it when there is room again', () => {
  const bound = inFlightBound(10)
  bound.enter(8)
  expect(() => bound.enter(3)).toThrow(expect.objectContaining({ kind: 'retryable', code: 'OVERLOADED' }))
  bound.leave(8)
  bound.enter(3)
})

test('L14 a request larger than the bound passes alone', () => {
  const bound = inFlightBound(10)
  bound.enter(100)
  expect(() => bound.enter(1)).toThrow(expect.objectContaining({ code: 'OVERLOADED' }))
})

test('L14 who waits is let in in order, and who goes away frees his place', async () => {
  const bound = inFlightBound(10)
  bound.enter(10)
  const order: string[] = []
  const gone = new AbortController()
  const first = bound.waitToEnter(6).then(() => order.push('first'))
  const second = bound.waitToEnter(6, gone.signal)
  const third = bound.waitToEnter(4).then(() => order.push('third'))
  gone.abort()
  await expect(second).rejects.toMatchObject({ kind: 'cancelled' })
  bound.leave(10)
  await Promise.all([first, third])
  expect(order).toEqual(['first', 'third'])
})
