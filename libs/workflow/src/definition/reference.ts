/**
 * Typed expressions. `input.alert.urgency` is written like a field and stands for `{ $input: ['alert', 'urgency'] }`; a
 * field that is not there, or is of another type than the capability takes, does not compile.
 */
import type { Json } from './json.ts'

declare const gives: unique symbol

/** An expression whose value is a T. */
export interface Expr<T> {
  readonly [gives]: T
}

/** An expression whose fields are expressions too. */
export type Ref<T> = Expr<T> & Fields<NonNullable<T>>
type Fields<T> = T extends string | number | boolean | readonly unknown[]
  ? unknown
  : { readonly [K in keyof T]-?: Ref<NonNullable<T[K]>> }

/** A T made of literals and expressions at any depth. */
export type In<T> = Expr<T> | Expr<NonNullable<T>> | Literal<T>
type Literal<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer E)[]
    ? readonly In<E>[]
    : { readonly [K in keyof T]?: In<T[K]> }

const lowered = new WeakMap<object, Json>()

/** The expression `{ [operation]: path }`, to which fields can be added. */
export function refer<T>(
  operation: '$input' | '$ref' | '$carry' | '$item' | '$payload',
  path: readonly string[],
): Ref<T> {
  const proxy = new Proxy(Object.create(null) as object, {
    get: (_, name) => (typeof name === 'string' ? refer(operation, [...path, name]) : undefined),
  })
  lowered.set(proxy, { [operation]: [...path] })
  return proxy as Ref<T>
}

/** An expression in its data form. */
export function expression<T>(json: Json): Expr<T> {
  const holder = {}
  lowered.set(holder, json)
  return holder as Expr<T>
}

/** One element of a list, null beyond its end. */
export function item<T>(list: Expr<readonly T[]>, index: number): Ref<T> {
  const [operation, path] = Object.entries(lower(list) as object)[0] as ['$ref', string[]]
  return refer<T>(operation, [...path, String(index)])
}

/** JSON as it stands, whatever keys it has: a graph for a generated node among others. */
export const literal = <T>(json: T): Expr<T> => expression({ $literal: json as Json })

/** Time of the event that is applied, Unix milliseconds. */
export const now: Expr<number> = expression({ $now: true })

/** A search attribute of the workflow, null if no node has set it. */
export const attribute = <T>(name: string): Expr<T | null> => expression({ $attribute: name })

export const isExpression = (value: unknown): value is Expr<unknown> =>
  typeof value === 'object' && value !== null && lowered.has(value)

/** The data form of literals and expressions. */
export function lower(value: unknown): Json {
  if (value === undefined || value === null) return null
  if (typeof value !== 'object') return value as Json
  const known = lowered.get(value)
  if (known !== undefined) return known
  if (Array.isArray(value)) return value.map(lower)
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, lower(member)]),
  )
}

type Operand<T> = Expr<T> | T
const op = <T>(...operation: unknown[]): Expr<T> => expression<T>({ $op: operation.map(lower) })

export const eq = <T>(a: Expr<T>, b: Operand<T>): Expr<boolean> => op('eq', a, b)
export const ne = <T>(a: Expr<T>, b: Operand<T>): Expr<boolean> => op('ne', a, b)
export const lt = (a: Operand<number>, b: Operand<number>): Expr<boolean> => op('lt', a, b)
export const le = (a: Operand<number>, b: Operand<number>): Expr<boolean> => op('le', a, b)
export const gt = (a: Operand<number>, b: Operand<number>): Expr<boolean> => op('gt', a, b)
export const ge = (a: Operand<number>, b: Operand<number>): Expr<boolean> => op('ge', a, b)
export const add = (a: Operand<number>, b: Operand<number>): Expr<number> => op('add', a, b)
/** Of a list or a text; 0 of nothing. */
export const length = (a: Expr<readonly unknown[]> | Expr<string>): Expr<number> => op('length', a)
export const and = (...all: Operand<boolean>[]): Expr<boolean> => op('and', ...all)
export const or = (...any: Operand<boolean>[]): Expr<boolean> => op('or', ...any)
export const not = (a: Operand<boolean>): Expr<boolean> => op('not', a)
export const oneOf = <T extends Json>(a: Expr<T | null>, values: readonly T[]): Expr<boolean> => op('in', a, values)
export const coalesce = <T>(a: In<T>, b: In<T>): Expr<T> => op('coalesce', a, b)
export const when = <T>(condition: Expr<boolean>, then: In<T>, otherwise: In<T>): Expr<T> =>
  op('if', condition, then, otherwise)
/** The entry of a literal table. */
export const lookup = <K extends string, V extends Json>(
  key: Expr<K>,
  table: Readonly<Partial<Record<K, V>>>,
  otherwise: V,
): Expr<V> => op('lookup', key, table, otherwise)
