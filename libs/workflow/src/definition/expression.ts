/**
 * Expressions of a definition, as data: how a node's input is made from the workflow's input and from what earlier nodes
 * gave. They are total but for type errors: reading a field of nothing gives null, as SQL does.
 *
 * Grammar (an object with a `$` key is an operation, anything else stands for itself, member by member):
 *   { $input: [field...] }            the workflow's input
 *   { $ref: [node id, field...] }     output of a node that ended, looked up from the inner scope outwards
 *   { $carry: [loop id, field...] }   what the loop carries into this iteration
 *   { $item: [map id, field...] }     the element that this run of the map's graph is for
 *   { $index: loop or map id }        iteration, from 1, counting on when the loop is run anew; in a map the position, from 0
 *   { $payload: [field...] }          what came with an update
 *   { $attribute: name }              search attribute of the workflow, null if not set
 *   { $now: true }                    time of the event that is applied, Unix milliseconds
 *   { $literal: any JSON }            itself, even if it has `$` keys
 *   { $op: [operator, operand...] }
 */
import { Terminal } from '@pitcrew/errors'
import type { Json } from './json.ts'

export type Operator =
  | 'eq'
  | 'ne'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'and'
  | 'or'
  | 'not'
  | 'add'
  | 'in'
  | 'coalesce'
  | 'if'
  | 'lookup'
  | 'length'

/** What an expression reads. `undefined` from a lookup means: there is no such thing (yet). */
export interface Environment {
  input: Json
  now: number
  attributes: { readonly [name: string]: Json }
  output(node: string): Json | undefined
  carry(loop: string): Json | undefined
  item(map: string): Json | undefined
  index(holder: string): number | undefined
  /** Of an update; absent elsewhere. */
  payload?: Json
}

type Operation = { [key: string]: Json }

export function evaluate(expression: Json, environment: Environment): Json {
  if (expression === null || typeof expression !== 'object') return expression
  if (Array.isArray(expression)) return expression.map((item) => evaluate(item, environment))
  for (const key in expression) {
    if (key.charCodeAt(0) === 36 /* $ */) return operate(key, expression, environment)
    break
  }
  const result: { [key: string]: Json } = {}
  for (const key in expression) result[key] = evaluate(expression[key] as Json, environment)
  return result
}

function operate(key: string, operation: Operation, environment: Environment): Json {
  switch (key) {
    case '$input':
      return field(environment.input, operation.$input as Json[], 0)
    case '$ref':
      return lookUp(operation.$ref as Json[], 'node', environment, 'output')
    case '$carry':
      return lookUp(operation.$carry as Json[], 'loop', environment, 'carry')
    case '$item':
      return lookUp(operation.$item as Json[], 'map', environment, 'item')
    case '$payload':
      return field(environment.payload ?? null, operation.$payload as Json[], 0)
    case '$literal':
      return operation.$literal ?? null
    case '$index':
      return environment.index(String(operation.$index)) ?? null
    case '$attribute':
      return environment.attributes[String(operation.$attribute)] ?? null
    case '$now':
      return environment.now
    case '$op':
      return compute(operation.$op as Json[], environment)
    default:
      throw new Terminal('BAD_EXPRESSION', `there is no expression ${key}`)
  }
}

function lookUp(path: Json[], what: string, from: Environment, read: 'output' | 'carry' | 'item'): Json {
  const id = path[0] as string
  const value = from[read](id)
  if (value === undefined) {
    throw new Terminal('BAD_EXPRESSION', `the expression reads ${what} "${id}", which has given nothing at this point`)
  }
  return field(value, path, 1)
}

function field(value: Json, path: Json[], from: number): Json {
  for (let i = from; i < path.length; i++) {
    const name = path[i] as string
    // What an object inherits is no field of it.
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return null
    value = (value as { [key: string]: Json })[name] ?? null
  }
  return value
}

function compute(operation: Json[], environment: Environment): Json {
  const value = (i: number): Json => evaluate(operation[i] ?? null, environment)
  const operator = operation[0] as Operator
  switch (operator) {
    case 'eq':
      return value(1) === value(2)
    case 'ne':
      return value(1) !== value(2)
    case 'lt':
      return number(value(1)) < number(value(2))
    case 'le':
      return number(value(1)) <= number(value(2))
    case 'gt':
      return number(value(1)) > number(value(2))
    case 'ge':
      return number(value(1)) >= number(value(2))
    case 'add':
      return number(value(1)) + number(value(2))
    case 'and':
      return operation.slice(1).every((_, i) => truthy(value(i + 1)))
    case 'or':
      return operation.slice(1).some((_, i) => truthy(value(i + 1)))
    case 'not':
      return !truthy(value(1))
    case 'in':
      return (operation[2] as Json[]).includes(value(1))
    case 'coalesce':
      return value(1) ?? value(2)
    case 'if':
      return truthy(value(1)) ? value(2) : value(3)
    case 'lookup':
      return field(operation[2] ?? null, [value(1)], 0) ?? value(3)
    case 'length':
      return length(value(1))
    default: {
      const unknown: never = operator
      throw new Terminal('BAD_EXPRESSION', `there is no operator "${String(unknown)}"`)
    }
  }
}

export function truthy(value: Json): boolean {
  return value !== null && value !== false && value !== 0 && value !== ''
}

function number(value: Json): number {
  if (typeof value === 'number') return value
  throw new Terminal('BAD_EXPRESSION', `expected a number, found ${JSON.stringify(value)}`)
}

function length(value: Json): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length
  if (value === null) return 0
  throw new Terminal('BAD_EXPRESSION', `expected a list or a text, found ${JSON.stringify(value)}`)
}

/** Every node and every loop or map that the expression reads, for the check that it can have ended by then. */
export function references(expression: Json, found: { nodes: Set<string>; loops: Set<string> }): void {
  if (expression === null || typeof expression !== 'object') return
  if (Array.isArray(expression)) return expression.forEach((item) => references(item, found))
  if (Array.isArray(expression.$ref)) found.nodes.add(String(expression.$ref[0]))
  else if (Array.isArray(expression.$carry)) found.loops.add(String(expression.$carry[0]))
  else if (Array.isArray(expression.$item)) found.loops.add(String(expression.$item[0]))
  else if ('$literal' in expression) return
  else if (typeof expression.$index === 'string') found.loops.add(expression.$index)
  else for (const key in expression) references(expression[key] as Json, found)
}
