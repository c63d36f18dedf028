import { expect, test } from '@jest/globals'
import { createFeedLog, type FeedLog } from './feed-log.ts'

const page = (log: FeedLog<number>, cursor: string, limit: number) => {
  const result = log.page(cursor, limit)
  if (typeof result === 'string') throw new Error(`page is ${result}`)
  return result
}

test('L12 pages go through the log once, in order, whatever arises meanwhile', () => {
  const log = createFeedLog<number>('run', 1000)
  log.append([1, 2, 3, 4, 5])
  const first = page(log, '', 2)
  expect(first).toMatchObject({ entries: [1, 2], more: true })
  log.append([6])
  const second = page(log, first.nextCursor, 10)
  expect(second).toMatchObject({ entries: [3, 4, 5, 6], more: false })
  expect(page(log, second.nextCursor, 10)).toEqual({ entries: [], nextCursor: second.nextCursor, more: false })
  expect(page(log, first.nextCursor, 10).entries).toEqual([3, 4, 5, 6])
})

test('L12 a cursor whose entries were dropped is gone, one of another run begins at the oldest, nonsense is unknown', () => {
  const log = createFeedLog<number>('run', 100)
  log.append([0])
  const early = page(log, '', 1).nextCursor
  log.append(Array.from({ length: 500 }, (_, i) => i + 1))
  expect(log.page(early, 1)).toBe('gone')
  expect(page(log, 'before-7', 1).entries).toEqual([401])
  for (const cursor of ['x', 'run-99999', '-1', 'run--1']) expect(log.page(cursor, 1)).toBe('unknown')
})
