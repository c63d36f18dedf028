/** Whether an expression is one; see expression.ts for the grammar. */
import { Terminal } from '@pitcrew/errors'
import type { Operator } from './expression.ts'
import type { Json } from './json.ts'

/** Operands of each operator: at least, at most. */
const operands: { [O in Operator]: readonly [number, number] } = {
  eq: [2, 2],
  ne: [2, 2],
  lt: [2, 2],
  le: [2, 2],
  gt: [2, 2],
  ge: [2, 2],
  and: [0, Infinity],
  or: [0, Infinity],
  not: [1, 1],
  add: [2, 2],
  in: [2, 2],
  coalesce: [2, 2],
  if: [3, 3],
  lookup: [3, 3],
  length: [1, 1],
}

const path = (from: number) => (value: Json) =>
  Array.isArray(value) && value.length >= from && value.every((one) => typeof one === 'string')
const text = (value: Json): boolean => typeof value === 'string'

const shapes: { [key: string]: (value: Json) => boolean } = {
  $input: path(0),
  $payload: path(0),
  $ref: path(1),
  $carry: path(1),
  $item: path(1),
  $index: text,
  $attribute: text,
  $now: (value) => value === true,
  $literal: () => true,
}

/** @throws Terminal BAD_EXPRESSION, with the place */
export function checkExpression(expression: Json, place: string): void {
  if (expression === null || typeof expression !== 'object') return
  if (Array.isArray(expression)) return expression.forEach((one) => checkExpression(one, place))
  const keys = Object.keys(expression)
  const operation = keys.find((key) => key.startsWith('$'))
  if (operation === undefined) return keys.forEach((key) => checkExpression(expression[key] as Json, place))
  const bad = (what: string): Terminal =>
    new Terminal('BAD_EXPRESSION', `${place}: ${what}: ${JSON.stringify(expression).slice(0, 200)}`)
  if (keys.length > 1) throw bad(`an operation stands alone, found ${keys.join(', ')}`)
  const value = expression[operation] as Json
  if (operation === '$op') return checkOperation(value, place, bad)
  const shape = Object.hasOwn(shapes, operation) ? shapes[operation] : undefined
  if (!shape) throw bad(`there is no expression ${operation}`)
  if (!shape(value)) throw bad(`${operation} does not take this`)
}

function checkOperation(operation: Json, place: string, bad: (what: string) => Terminal): void {
  if (!Array.isArray(operation)) throw bad('expected a list of an operator and its operands')
  const [operator, ...rest] = operation
  if (typeof operator !== 'string' || !Object.hasOwn(operands, operator))
    throw bad(`there is no operator "${operator}"`)
  const [least, most] = operands[operator as Operator]
  if (rest.length < least || rest.length > most)
    throw bad(`"${operator}" takes ${least} operands, found ${rest.length}`)
  if (operator === 'in' && !Array.isArray(rest[1])) throw bad('"in" takes a list of values')
  // The values of "in" and the table of "lookup" are not evaluated.
  const evaluated = operator === 'in' || operator === 'lookup' ? [rest[0], rest[2]] : rest
  for (const one of evaluated) checkExpression(one ?? null, place)
}
