import { expect, test } from '@jest/globals'
import { attemptMs, finished, lineage, tick } from './node-clock.ts'

const succeeded = (path: string, at: number) =>
  ({ type: 'task-succeeded', at, path, attempt: 1, output: null, agent: 'a' }) as const

test('F3 a node in a loop and a parallel branch is at work, and so is all that holds it', () => {
  expect(lineage('a')).toEqual(['a'])
  expect(lineage('a[1].left/b[2]/c')).toEqual(['a', 'a[1].left/b', 'a[1].left/b[2]/c'])
})

test('F3 nodes are measured from when they became active to when they ended; loops as a whole', () => {
  const first = tick({}, ['loop[1]/task'], succeeded('before', 100))
  expect(first).toEqual({ loop: [100, 100], 'loop[1]/task': [100, 100] })
  const second = tick(first, ['loop[2]/task'], succeeded('loop[1]/task', 150))
  expect(finished(first, second, succeeded('loop[1]/task', 150), false)).toEqual([['loop[1]/task', 50]])
  const over = tick(second, ['after'], succeeded('loop[2]/task', 400))
  expect(finished(second, over, succeeded('loop[2]/task', 400), false)).toEqual([
    ['loop', 300],
    ['loop[2]/task', 250],
  ])
})

test('F3 the next attempt of a task is measured from when it was due, the task from its first', () => {
  const begun = tick({}, ['task'], succeeded('before', 100))
  const failed = tick(begun, ['task'], {
    type: 'task-failed',
    at: 150,
    path: 'task',
    attempt: 1,
    failure: { kind: 'retryable', code: 'DOWN', message: '' },
    agent: 'a',
  })
  const again = tick(failed, ['task'], { type: 'timer-fired', at: 2_150, path: 'task', due: 2_150 })
  expect(again).toEqual({ task: [100, 2_150] })
  expect(attemptMs(again, succeeded('task', 2_200))).toBe(50)
  expect(finished(again, {}, succeeded('task', 2_200), false)).toEqual([['task', 2_100]])
})

test('F3 what was given up is no measure', () => {
  const begun = tick({}, ['task', '~undo'], succeeded('before', 100))
  expect(finished(begun, {}, { type: 'cancelled', at: 900, reason: '', by: 'ann' }, false)).toEqual([])
  expect(finished(begun, {}, succeeded('other', 900), true)).toEqual([])
  expect(finished(begun, {}, succeeded('task', 900), false)).toEqual([['task', 800]])
})
