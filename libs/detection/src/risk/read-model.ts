/** An artefact from outside is checked whole before anything is served by it. */
import { Terminal } from '@pitcrew/errors'
import type { RiskModel } from './model.ts'

type Check = (value: unknown, at: string) => void

const deepest = 64

/** The same value, checked. Throws Terminal MODEL_INVALID naming the place that is wrong. */
export function readRiskModel(value: unknown): RiskModel {
  risk(value, 'model')
  return value as RiskModel
}

const is =
  (expected: string, holds: (value: unknown) => boolean): Check =>
  (value, at) => {
    if (holds(value)) return
    throw new Terminal('MODEL_INVALID', `${at} is ${shown(value)}: expected ${expected}`, {
      hint: 'train it anew, or take the artefact from the command that wrote it',
    })
  }

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 40)

const isNumber = (least: number, most = Number.MAX_VALUE): Check =>
  is(`a number from ${least} to ${most}`, (value) => typeof value === 'number' && value >= least && value <= most)
const text = is('a text', (value) => typeof value === 'string')
const exactly = (...wanted: (string | number)[]): Check =>
  is(wanted.map((one) => JSON.stringify(one)).join(' or '), (value) => wanted.includes(value as string))
const orNull =
  (check: Check): Check =>
  (value, at) => {
    if (value !== null) check(value, at)
  }

const record = is('an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value))

const object =
  (fields: Record<string, Check>): Check =>
  (value, at) => {
    record(value, at)
    for (const [name, check] of Object.entries(fields)) check((value as Record<string, unknown>)[name], `${at}.${name}`)
  }

const list =
  (check: Check, most = Infinity): Check =>
  (value, at) => {
    is('a list', Array.isArray)(value, at)
    const entries = value as unknown[]
    is(`at most ${most} entries`, () => entries.length <= most)(entries.length, `${at}.length`)
    entries.forEach((entry, index) => check(entry, `${at}[${index}]`))
  }

const values =
  (check: Check): Check =>
  (value, at) => {
    record(value, at)
    for (const [name, entry] of Object.entries(value as object)) check(entry, `${at}.${name}`)
  }

const count = is('a whole number from 0', (value) => Number.isSafeInteger(value) && (value as number) >= 0)
const share = isNumber(0, 1)
const positive = is('a number above 0', (value) => typeof value === 'number' && value > 0 && value < Infinity)
const any = is('a finite number', Number.isFinite)

const sense: Check = (value, at) => {
  object({ of: exactly('code', 'part', 'due', 'clock', 'age', 'model') })(value, at)
  const { of } = value as { of: string }
  if (of === 'code') object({ code: text })(value, at)
  if (of === 'model') object({ model: text })(value, at)
}

const node =
  (depth: number): Check =>
  (value, at) => {
    is(`at most ${deepest} splits above one another`, () => depth <= deepest)(depth, at)
    object({ kind: exactly('leaf', 'split') })(value, at)
    if ((value as { kind: string }).kind === 'split') {
      const child = node(depth + 1)
      object({ on: sense, from: orNull(any), below: orNull(any), inside: child, outside: child })(value, at)
      return
    }
    object({ cases: count, failed: count, leadHours: list(isNumber(0), 11) })(value, at)
    const { cases, failed } = value as { cases: number; failed: number }
    is(`at most the ${cases} cases`, () => failed <= cases)(failed, `${at}.failed`)
  }

const life = object({
  shape: isNumber(0.1, 20),
  scaleDays: positive,
  factors: values(isNumber(0)),
  failures: count,
  censored: count,
  meanRate: isNumber(0),
})

const risk = object({
  kind: exactly('risk'),
  version: exactly(1),
  horizonHours: positive,
  alarmAt: share,
  forgetHours: positive,
  codes: list(text),
  visitEveryHours: orNull(positive),
  components: list(object({ component: text, baseRate: share, tree: node(0), life, unannounced: share })),
  trainedOn: object({ units: count, moments: count, failures: count, fromMs: any, toMs: any }),
})
