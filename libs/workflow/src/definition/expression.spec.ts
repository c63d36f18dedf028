import { describe, expect, test } from '@jest/globals'
import { evaluate, type Environment } from './expression.ts'
import type { Json } from './json.ts'
import {
  add,
  and,
  attribute,
  coalesce,
  eq,
  ge,
  item,
  lookup,
  lower,
  lt,
  not,
  oneOf,
  or,
  refer,
  when,
  type Ref,
} from './reference.ts'

interface Input {
  name: string
  size: number
  tags: string[]
  owner?: { city: string }
}

const input = refer<Input>('$input', [])
const environment: Environment = {
  input: { name: 'x', size: 3, tags: ['a', 'b'] },
  now: 1_000,
  attributes: { urgency: 'HIGH' },
  output: (node) => (node === 'first' ? { seen: 7 } : undefined),
  carry: () => undefined,
  item: () => undefined,
  index: (loop) => (loop === 'rounds' ? 2 : undefined),
}
const value = (expression: unknown): Json => evaluate(lower(expression), environment)

describe('an expression', () => {
  test('reads fields, and nothing where there is nothing', () => {
    expect(
      value({ name: input.name, city: input.owner.city, second: item(input.tags, 1), third: item(input.tags, 2) }),
    ).toEqual({
      name: 'x',
      city: null,
      second: 'b',
      third: null,
    })
  })

  test('reads outputs, attributes, the iteration and the time', () => {
    const first = refer('$ref', ['first']) as Ref<{ seen: number }>
    expect(value([first.seen, attribute('urgency'), { $index: 'rounds' }, { $now: true }])).toEqual([
      7,
      'HIGH',
      2,
      1_000,
    ])
  })

  test.each<[unknown, Json]>([
    [eq(input.name, 'x'), true],
    [lt(input.size, 3), false],
    [ge(input.size, 3), true],
    [add(input.size, 4), 7],
    [and(ge(input.size, 1), lt(input.size, 2)), false],
    [or(ge(input.size, 9), eq(input.name, 'x')), true],
    [not(eq(input.name, 'x')), false],
    [oneOf(input.name, ['w', 'x']), true],
    [coalesce(input.owner.city, 'nowhere'), 'nowhere'],
    [when(ge(input.size, 3), 'big', 'small'), 'big'],
    [lookup(input.name, { x: 1 }, 9), 1],
    [lookup(input.owner.city, { x: 1 }, 9), 9],
  ])('computes %#', (expression, expected) => {
    expect(value(expression)).toEqual(expected)
  })

  test('says what is wrong with it', () => {
    expect(() => value(add(input.name as never, 1))).toThrow(/expected a number, found "x"/)
    expect(() => value(refer('$ref', ['later']))).toThrow(/node "later", which has given nothing/)
    expect(() => evaluate({ $op: ['guess', 1] }, environment)).toThrow(/no operator "guess"/)
    expect(() => evaluate({ $eval: 'x' }, environment)).toThrow(/no expression \$eval/)
  })

  test('does not compile with a field that is not there or of another type', () => {
    // @ts-expect-error there is no such field
    expect(value(input.nome)).toBeNull()
    // @ts-expect-error a string is no operand of "less than"
    expect(() => value(lt(input.name, 3))).toThrow(/expected a number/)
  })
})
