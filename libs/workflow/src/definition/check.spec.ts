import { describe, expect, test } from '@jest/globals'
import type { Flow } from './builder.ts'
import { defineWorkflow, type RootFlow } from './define.ts'
import { plainLifecycle } from './lifecycle.ts'
import { eq, expression, length, literal, refer, type Expr, type Ref } from './reference.ts'
import { capability } from '../testing/capability.ts'

const look = capability<{ at: string }, { seen: number }>('look')
const define = (build: (flow: RootFlow) => void) => () => defineWorkflow('checked', 1, plainLifecycle, build)
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
    [
      'a cycle inside of a branch',
      /nodes wait for each other: a → b → a/,
      (flow) =>
        flow.branch('way', [
          {
            when: true,
            run: (way) => {
              way.value('a', 1, { after: ['b'] })
              return way.value('b', 1, { after: ['a'] })
            },
          },
        ]),
    ],
    ['a name that every object has', /"constructor": expected/, (flow) => flow.value('constructor', 1)],
    [
      'an undo without an attempt',
      /"t" has 0 attempts/,
      (flow) =>
        flow.task('t', look, {
          input: { at: '' },
          undo: () => ({ capability: look, input: {}, retry: { attempts: 0, backoffMs: [] } }),
        }),
    ],
    [
      'a branch name that no path could hold',
      /branch "a b"/,
      (flow) => flow.parallel<Record<'a b', number>>('both', { 'a b': () => 1 }),
    ],
    [
      'an element that is read outside of its map',
      /"after" reads "all", which is no loop or map around it/,
      (flow) => {
        let escaped: Expr<number> | undefined
        flow.map('all', { over: literal([1]), concurrency: 1 }, (_, one) => (escaped = one))
        flow.value('after', escaped as Expr<number>)
      },
    ],
    [
      'an expression that is none',
      /node "odd": there is no operator "guess"/,
      (flow) => flow.value('odd', expression({ $op: ['guess'] })),
    ],
    [
      'an operation among other fields',
      /an operation stands alone/,
      (flow) => flow.value('odd', expression({ $now: true, more: 1 })),
    ],
  ])('is refused with %s', (_, message, build) => {
    expect(define(build)).toThrow(message)
  })

  test.each<[string, RegExp, (flow: RootFlow) => void]>([
    [
      'what comes after an end',
      /"later" cannot be reached: stop → later/,
      (flow) => (flow.end('stop', 'x'), flow.value('later', 1)),
    ],
    [
      'what comes after a branch that ends either way',
      /"later" cannot be reached: either → later/,
      (flow) => {
        const end = (id: string) => (way: Flow) => (way.end(id, 'x'), null)
        flow.branch<null>('either', [
          { when: eq(length(literal('')), 1), run: end('this-way') },
          { when: true, run: end('that-way') },
        ])
        flow.value('between', 1, { after: [] })
        flow.value('later', 1, { after: ['between', 'either'] })
      },
    ],
    [
      'a case behind one that always holds',
      /case 2 of branch "way" cannot be reached: case 1 always holds/,
      (flow) =>
        flow.branch<number>('way', [
          { when: true, run: () => 1 },
          { when: eq(length(literal('')), 0), run: () => 2 },
        ]),
    ],
    [
      'what comes after an end inside of a loop',
      /"later" cannot be reached/,
      (flow) => {
        flow.loop<number>('round', {
          initial: 0,
          max: 2,
          run: (round) => (round.end('stop', 'x'), { next: 1, until: eq(length(literal('')), 1) }),
        })
        flow.value('later', 1)
      },
    ],
  ])('C3 cannot hold %s', (_, message, build) => {
    expect(define(build)).toThrow(message)
    expect(define(build)).toThrow(expect.objectContaining({ code: 'UNREACHABLE_NODE' }))
  })

  test('C3 may go on behind an end that depends on something', () => {
    define((flow) => {
      const { seen } = flow.task('look', look, { input: { at: '' } })
      flow.end('stop', 'x', { when: eq(seen, 1) })
      flow.branch('way', [{ when: eq(seen, 2), run: (way) => (way.end('inner', 'y'), null) }])
      flow.map('all', { over: literal([]), concurrency: 1 }, (one) => (one.end('each', 'z'), null))
      flow.value('later', 1)
    })()
  })

  test('C3 is refused when its result, a query or an update reads what is not outermost', () => {
    const inner = refer('$ref', ['inside']) as Ref<number>
    const branch = (flow: RootFlow): unknown =>
      flow.branch('way', [{ when: true, run: (way) => way.value('inside', 1) }])
    expect(define((flow) => (branch(flow), inner as never))).toThrow(/the result reads "inside"/)
    expect(define((flow) => (branch(flow), void flow.query('q', inner)))).toThrow(/query "q" reads "inside"/)
    expect(
      define((flow) => (branch(flow), void flow.update('u', { set: () => ({ inner }), result: () => 1 }))),
    ).toThrow(/update "u" reads "inside"/)
  })

  test('sets search attributes from a value', async () => {
    const definition = define(
      (flow) => void flow.value('v', { urgency: 3 }, { set: (value) => ({ urgency: value.urgency }) }),
    )()
    expect(definition.graph.nodes).toMatchObject([{ kind: 'value', set: { urgency: { $ref: ['v', 'urgency'] } } }])
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
