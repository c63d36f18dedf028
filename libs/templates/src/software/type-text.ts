/**
 * The types that a module's spec may name, and whether a JSON value is of one. Grammar:
 *   union = array { "|" array }       array = atom { "[]" }
 *   atom  = "string" | "number" | "boolean" | "null" | "unknown" | "void" | Name | "'text'" | "Record<string," union ">" | "(" union ")"
 */
import { Terminal } from '@pitcrew/errors'
import type { Json } from '@pitcrew/workflow'

export type Type =
  | { is: 'plain'; name: 'string' | 'number' | 'boolean' | 'null' | 'unknown' | 'void' }
  | { is: 'text'; text: string }
  | { is: 'named'; name: string }
  | { is: 'list'; of: Type }
  | { is: 'record'; of: Type }
  | { is: 'union'; of: Type[] }

export interface Fields {
  [type: string]: readonly { name: string; type: string; optional?: boolean }[]
}

const plain: ReadonlySet<string> = new Set(['string', 'number', 'boolean', 'null', 'unknown', 'void'])
const token = /\s*(\[\]|[|()<>,]|'[A-Za-z0-9 _.-]*'|[A-Za-z][A-Za-z0-9]*)/y
const deepest = 20

/** @throws Terminal BAD_TYPE */
export function parseType(text: string): Type {
  const tokens = tokensOf(text)
  const union = (depth: number): Type => {
    if (depth > deepest) refuse(text, 'is nested too deeply')
    const of = [list(depth)]
    while (tokens[0] === '|') {
      tokens.shift()
      of.push(list(depth))
    }
    return of.length === 1 ? (of[0] as Type) : { is: 'union', of }
  }
  const list = (depth: number): Type => {
    let type = atom(depth)
    for (; tokens[0] === '[]'; tokens.shift()) type = { is: 'list', of: type }
    return type
  }
  const atom = (depth: number): Type => {
    const next = tokens.shift() ?? refuse(text, 'ends too soon')
    if (plain.has(next)) return { is: 'plain', name: next as 'string' }
    if (next.startsWith("'")) return { is: 'text', text: next.slice(1, -1) }
    if (next === '(') return inside(union(depth + 1), ')')
    if (next === 'Record') {
      for (const expected of ['<', 'string', ',']) if (tokens.shift() !== expected) refuse(text, `lacks ${expected}`)
      return { is: 'record', of: inside(union(depth + 1), '>') }
    }
    return /^[A-Z]/.test(next) ? { is: 'named', name: next } : refuse(text, `has ${next} where a type is expected`)
  }
  const inside = (type: Type, closing: string): Type =>
    tokens.shift() === closing ? type : refuse(text, `lacks ${closing}`)
  const type = union(0)
  return tokens.length === 0 ? type : refuse(text, `goes on with ${tokens[0]}`)
}

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  for (let at = 0; at < text.trimEnd().length; at = token.lastIndex) {
    token.lastIndex = at
    const match = token.exec(text)
    if (!match) return refuse(text, `has ${JSON.stringify(text.slice(at, at + 10))}, which is no part of a type`)
    tokens.push(match[1] as string)
  }
  return tokens
}

function refuse(text: string, what: string): never {
  throw new Terminal('BAD_TYPE', `the type "${text.slice(0, 80)}" ${what}`, {
    hint: "expected names, string, number, boolean, null, 'text', T[], T | U or Record<string, T>",
  })
}

export function namesIn(type: Type): string[] {
  switch (type.is) {
    case 'named':
      return [type.name]
    case 'list':
    case 'record':
      return namesIn(type.of)
    case 'union':
      return type.of.flatMap(namesIn)
    case 'plain':
    case 'text':
      return []
  }
}

export function fits(value: Json | undefined, type: Type, named: Fields): boolean {
  switch (type.is) {
    case 'plain':
      if (type.name === 'unknown') return true
      if (type.name === 'void') return value === undefined || value === null
      return type.name === 'null' ? value === null : typeof value === type.name
    case 'text':
      return value === type.text
    case 'list':
      return Array.isArray(value) && value.every((one) => fits(one, type.of, named))
    case 'union':
      return type.of.some((one) => fits(value, one, named))
    case 'record':
      return isObject(value) && Object.values(value).every((one) => fits(one, type.of, named))
    case 'named':
      return isObject(value) && fitsFields(value, named[type.name] ?? [], named)
  }
}

function fitsFields(value: { [key: string]: Json }, fields: Fields[string], named: Fields): boolean {
  const known = new Set(fields.map(({ name }) => name))
  return (
    Object.keys(value).every((key) => known.has(key)) &&
    fields.every(({ name, type, optional }) =>
      Object.hasOwn(value, name) ? fits(value[name], parseType(type), named) : optional === true,
    )
  )
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
