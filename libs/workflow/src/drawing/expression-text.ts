import type { Json } from '../definition/json.ts'

const infix: Readonly<Record<string, string>> = {
  eq: '=',
  ne: '≠',
  lt: '<',
  le: '≤',
  gt: '>',
  ge: '≥',
  add: '+',
  and: 'and',
  or: 'or',
  coalesce: 'or else',
}

/** An expression as people read it: `confidence < 0.25` for { $op: ['lt', { $ref: ['diagnose', 'confidence'] }, 0.25] }. */
export function expressionText(expression: Json): string {
  if (expression === null || typeof expression !== 'object') return expression === null ? 'nothing' : String(expression)
  if (Array.isArray(expression)) return expression.map(expressionText).join(', ')
  const [key, value] = Object.entries(expression)[0] ?? ['', null]
  switch (key) {
    case '$ref':
    case '$input':
    case '$carry':
    case '$item':
    case '$payload': {
      const path = Array.isArray(value) ? value.join('.') : String(value)
      return path === '' ? key.slice(1) : path
    }
    case '$index':
      return `iteration of ${String(value)}`
    case '$attribute':
      return String(value)
    case '$now':
      return 'now'
    case '$op':
      return operationText(Array.isArray(value) ? value : [])
    default:
      return JSON.stringify(expression)
  }
}

function operationText([operator, ...operands]: Json[]): string {
  const name = String(operator)
  const texts = operands.map((operand) => grouped(operand))
  const between = infix[name]
  if (between !== undefined) return texts.join(` ${between} `)
  switch (name) {
    case 'not':
      return `not ${texts[0] ?? ''}`
    case 'in':
      return `${texts[0] ?? ''} is one of ${expressionText(operands[1] ?? null)}`
    case 'if':
      return `${texts[1] ?? ''} if ${texts[0] ?? ''}, else ${texts[2] ?? ''}`
    case 'lookup':
      return `by ${texts[0] ?? ''}`
    default:
      return `${name} of ${texts.join(', ')}`
  }
}

/** An operation inside of another is set apart. */
function grouped(operand: Json): string {
  const text = expressionText(operand)
  const inner = operand !== null && typeof operand === 'object' && '$op' in operand
  return inner && text.includes(' ') ? `(${text})` : text
}
