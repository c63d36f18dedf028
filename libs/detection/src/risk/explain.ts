/** Why, in the words of the workshop: which codes in which window, how old the part, how many such cases failed. */
import type { RiskModel, RiskNode, RiskReason, RiskSign, RiskSplit, RiskState } from './model.ts'
import { isInside } from './leaf.ts'
import { unknown, valueOf } from './senses.ts'

/** One reason for each thing that the tree asked about on the way to its leaf and that holds; the last answer about it counts. */
export function reasonsAt(
  model: RiskModel,
  tree: RiskNode,
  state: RiskState,
  component: string,
  atMs: number,
): RiskReason[] {
  const reasons = new Map<string, RiskReason>()
  let node = tree
  while (node.kind === 'split') {
    const value = valueOf(node.on, model, state, component, atMs)
    const inside = isInside(node, value)
    reasons.set(JSON.stringify(node.on), reasonOf(node, value, inside, state.statics.model))
    node = inside ? node.inside : node.outside
  }
  return [...reasons.values()]
}

function reasonOf({ on, below }: RiskSplit, value: number, inside: boolean, unitModel: string): RiskReason {
  switch (on.of) {
    case 'code': {
      const withinHours = below ?? value
      return inside
        ? { kind: 'code', code: on.code, hoursAgo: value, withinHours }
        : { kind: 'no-code', code: on.code, withinHours }
    }
    case 'part':
      return { kind: 'part', daysSinceReplaced: value === unknown ? null : value }
    case 'due':
      return { kind: 'due', hours: value === unknown ? null : value }
    case 'clock':
      return { kind: 'clock', hour: value }
    case 'age':
      return { kind: 'age', years: value }
    case 'model':
      return { kind: 'model', model: value === 1 ? unitModel : on.model, is: value === 1 }
  }
}

/** "error2 and error3 within 24 h; comp2 last replaced 190 days ago; 94 of 97 such cases failed within 24 h". */
export function explain(
  component: string,
  days: number | undefined,
  sign: RiskSign | undefined,
  horizonHours: number,
): string {
  const part =
    days === undefined
      ? `no replacement of ${component} on record`
      : `${component} last replaced ${Math.floor(days)} days ago`
  if (sign === undefined) return `no code speaks of it; ${part}`
  const counted = `${sign.failed} of ${sign.cases} such cases failed within ${horizonHours} h`
  return [...codesIn(sign.reasons), ...sign.reasons.flatMap(wordsOf), part, counted].join('; ')
}

function codesIn(reasons: readonly RiskReason[]): string[] {
  const seen = reasons.filter((reason) => reason.kind === 'code')
  const absent = reasons.filter((reason) => reason.kind === 'no-code')
  const window = (within: readonly { withinHours: number }[]): string =>
    `within ${Math.ceil(Math.max(...within.map(({ withinHours }) => withinHours)))} h`
  return [
    ...(seen.length === 0
      ? []
      : [
          `${listed(
            seen.map(({ code }) => code),
            'and',
          )} ${window(seen)}`,
        ]),
    ...(absent.length === 0
      ? []
      : [
          `no ${listed(
            absent.map(({ code }) => code),
            'or',
          )} ${window(absent)}`,
        ]),
  ]
}

const listed = (words: readonly string[], last: string): string =>
  words.length === 1 ? words[0]! : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)!}`

function wordsOf(reason: RiskReason): string[] {
  switch (reason.kind) {
    case 'due':
      return reason.hours === null
        ? ['time of the next visit unknown']
        : [`next visit usually due in ${Math.round(reason.hours)} h`]
    case 'clock':
      return [`at ${String(Math.floor(reason.hour)).padStart(2, '0')} h UTC`]
    case 'model':
      return [reason.is ? `model ${reason.model}` : `not model ${reason.model}`]
    case 'age':
      return [`${reason.years} years old`]
    case 'code':
    case 'no-code':
    case 'part':
      return []
  }
}
