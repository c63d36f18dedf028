import { describe, expect, test } from '@jest/globals'
import type { Entry, WorkflowState } from '@pitcrew/workflow'
import { Revisions } from './revisions.ts'

const view = { definition: 'd', phase: 'p', attributes: {}, progress: 0, startedAt: 0, active: [] }

const entry = (id: string, revision: number, status: WorkflowState['status'] = 'running'): Entry => {
  const started = { type: 'started', at: 0, definition: 'd', version: 1, input: null } as const
  const event = revision === 1 ? started : ({ type: 'resumed', at: 0, by: 'x' } as const)
  return { id, revision, event, after: { ...view, status } } as Entry
}

describe('C5 what must be true of the workflows in a log', () => {
  test('C5 V1 transitions count up by one, from the start', () => {
    const revisions = new Revisions(true)
    for (const revision of [1, 2, 3]) revisions.take(entry('a', revision))
    expect(() => revisions.take(entry('a', 5))).toThrow('a goes from transition 3 to 5')
    expect(() => revisions.take(entry('a', 3))).toThrow('a goes from transition 3 to 3')
    expect(() => revisions.take(entry('b', 2))).toThrow('b begins with transition 2')
    expect(() => revisions.take(entry('a', 1))).toThrow('a is started while it is running')
  })

  test('C5 V1 a log that was cut may begin in the middle of a workflow', () => {
    const revisions = new Revisions(false)
    revisions.take(entry('a', 7))
    expect(() => revisions.take(entry('a', 9))).toThrow('a goes from transition 7 to 9')
  })

  test('C5 V2 nothing follows the end but a new start; a failed workflow can be retried', () => {
    const revisions = new Revisions(true)
    revisions.take(entry('a', 1))
    revisions.take(entry('a', 2, 'completed'))
    expect(() => revisions.take(entry('a', 3))).toThrow('a goes on after its end')
    revisions.take(entry('a', 1))
    revisions.take(entry('b', 1, 'failed'))
    revisions.take(entry('b', 2))
    expect([revisions.open, revisions.ends]).toEqual([2, 1])
  })

  test('C5 V2 a parent may be told, and a child that was given up may end, after the end', () => {
    const revisions = new Revisions(true)
    revisions.take(entry('a', 1))
    revisions.take(entry('a', 2, 'completed'))
    revisions.take({ ...entry('a', 3, 'completed'), event: { type: 'parent-told', at: 0 } })
    expect(() => revisions.take({ ...entry('a', 5, 'completed'), event: { type: 'parent-told', at: 0 } })).toThrow(
      'a goes from transition 3 to 5',
    )
    expect([revisions.open, revisions.ends]).toEqual([0, 1])
  })

  test('C5 V3 the snapshot says what the log says', () => {
    const seen = (): Revisions => {
      const revisions = new Revisions(true)
      revisions.take(entry('a', 1))
      revisions.take(entry('b', 1))
      revisions.take(entry('b', 2, 'cancelled'))
      return revisions
    }
    const running = (revision: number) => ({ revision, status: 'running' as const })
    expect(() => seen().meet(new Map([['a', running(2)]]))).toThrow('a has 2 transitions, the log says 1')
    expect(() => seen().meet(new Map())).toThrow('a is open in the log and not in the snapshot')
    expect(() =>
      seen().meet(
        new Map([
          ['a', running(1)],
          ['b', running(1)],
        ]),
      ),
    ).toThrow('b has 1 transitions, the log says 2')
    const revisions = seen()
    revisions.meet(
      new Map([
        ['a', running(1)],
        ['c', running(4)],
      ]),
    )
    revisions.take(entry('c', 5))
    expect(revisions.open).toBe(2)
  })
})
