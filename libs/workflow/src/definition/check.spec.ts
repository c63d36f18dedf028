import { describe, expect, test } from '@jest/globals'
import type { Flow } from './builder.ts'
import { defineWorkflow } from './define.ts'
import { plainLifecycle } from './lifecycle.ts'
import { eq, refer, type Ref } from './reference.ts'
import { capability } from '../testing/capability.ts'

const look = capability<{ at: string }, { seen: number }>('look')
const define = (build: (flow: Flow) => void) => () => defineWorkflow('checked', 1, plainLifecycle, build)
const later = refer('$ref', ['later']) as Ref<{ seen: string }>

describe('C3 a definition', () => {
  test.each<[string, RegExp, (flow: Flow) => void]>([
    ['two nodes of one name', /two nodes are called "same"/, (flow) => (flow.value('same', 1), flow.value('same', 2))],
    ['a name that no path could hold', /expected up to 100 lower-case letters/, (flow) => flow.value('a/b', 1)],
    [
      'no attempt at all',
      /expected at least 1/,
      (flow) => flow.task('t', look, { input: { at: '' }, retry: { attempts: 0, backoffMs: [] } }),
    ],
    [
      'a read of what comes later',
      /"early" reads "later", which cannot have ended/,
      (flow) => (flow.task('early', look, { input: { at: later.seen } }), flow.value('later', 1)),
    ],
    [
      'a read of a side branch from another',
      /"right" reads "left"/,
      (flow) =>
        flow.parallel<Record<'a' | 'b', number>>('both', {
          a: (side) => side.value('left', 1),
          b: (side) => side.value('right', refer('$ref', ['left']) as Ref<number>),
        }),
    ],
    [
      'a read of what is inside a loop from outside',
      /reads "inside"/,
      (flow) => {
        flow.loop<number>('round', {
          initial: 0,
          max: 2,
          run: (inner) => ({ next: inner.value('inside', 1), until: eq(refer('$ref', ['inside']) as Ref<number>, 1) }),
        })
        flow.value('after', refer('$ref', ['inside']))
      },
    ],
    [
      'a cycle',
      /a → b → a|b → a → b/,
      (flow) => (flow.value('a', 1, { after: ['b'] }), flow.value('b', 1, { after: ['a'] })),
    ],
  ])('is refused with %s', (_, message, build) => {
    expect(define(build)).toThrow(message)
  })

  test('does not compile with a wrong input', () => {
    define((flow) => {
      // @ts-expect-error "at" is a text
      flow.task('wrong-type', look, { input: { at: 3 } })
      // @ts-expect-error there is no such field
      flow.task('wrong-field', look, { input: { where: 'x' } })
      const { seen } = flow.task('right', look, { input: { at: 'x' } })
      // @ts-expect-error a number where a text is wanted
      flow.task('wrong-reference', look, { input: { at: seen } })
    })()
  })
})
