/** Learns a risk model from the histories of a fleet. Deterministic: the same histories give the same model, in any order. */
import { Terminal } from '@pitcrew/errors'
import { hourMs, isTime, type RiskEvent, type UnitHistory } from './history.ts'
import { leafAt, probabilityOf } from './leaf.ts'
import type { ComponentRisk, RiskModel, RiskNode, Sense } from './model.ts'
import { momentsOf, type Moment } from './moments.ts'
import { fitPartLife } from './part-life.ts'
import type { Frame } from './senses.ts'
import { grow, type Case } from './tree.ts'
import { usualDistance } from './visits.ts'

export interface RiskOptions {
  /** How far ahead a failure is foretold. 24 when absent. */
  horizonHours?: number
  /** Probability from which a finding is an alarm. 0.5 when absent: rather so than not. */
  alarmAt?: number
  /** What may be asked besides codes, part, model and age: the hour of the day, and the hours to the next usual visit. Both when absent. */
  timing?: { clock: boolean; visits: boolean }
}

const forgetHours = 720
const growth = { leastCases: 2, maxDepth: 8, level: 0.01 }

/** Units that were never watched are left out. Throws Terminal RISK_TRAINING_EMPTY when no failure or no code lies within what was observed. */
export function trainRisk(fleet: readonly UnitHistory[], options: RiskOptions = {}): RiskModel {
  const { horizonHours = 24, alarmAt = 0.5, timing = { clock: true, visits: true } } = options
  const units = fleet.filter(isWatched).sort((a, b) => (a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : 0))
  const codes = namesOf(units, (event) => (event.kind === 'codes' ? event.codes : []))
  const components = namesOf(units, (event) => (event.kind === 'failure' ? [event.component] : []))
  if (codes.length === 0 || components.length === 0) throw nothingToLearn(codes.length, components.length)
  const frame: Frame = { forgetHours, visitEveryHours: timing.visits ? usualDistance(units) : null }
  const senses = sensesOf(units, codes, frame, timing.clock)
  const moments = units.flatMap((unit) => momentsOf(unit, { codes, components, senses, frame, horizonHours }))
  const lesson: Lesson = { units, moments, senses, horizonHours, alarmAt }
  return {
    kind: 'risk',
    version: 1,
    horizonHours,
    alarmAt,
    ...frame,
    codes,
    components: components.map((component) => learn(component, lesson)),
    trainedOn: trainedOn(units, moments.length),
  }
}

interface Lesson {
  units: readonly UnitHistory[]
  moments: readonly Moment[]
  senses: readonly Sense[]
  horizonHours: number
  alarmAt: number
}

interface Example extends Case {
  unit: string
  atMs: number
}

/**
 * The tree is grown twice: while an alarm of the first one is open, a moment is not asked about, since the open sign stands
 * whatever the tree says. Left in, such echoes would speak for codes that merely fell between a warning and its failure.
 */
function learn(component: string, { units, moments, senses, horizonHours, alarmAt }: Lesson): ComponentRisk {
  const examples = moments.flatMap(({ unit, atMs, values, outcomes }): Example[] => {
    const leadHours = outcomes.get(component)
    return leadHours === undefined ? [] : [{ unit, atMs, values: values.get(component)!, leadHours }]
  })
  const baseRate = examples.filter(({ leadHours }) => leadHours !== null).length / Math.max(1, examples.length)
  const heard = (tree: RiskNode): Heard =>
    hear(examples, horizonHours, ({ values }) => {
      const leaf = leafAt(tree, (sense) => values[senses.indexOf(sense)]!)
      return probabilityOf(leaf, baseRate) >= alarmAt
    })
  const { echoes } = heard(grow(examples, { senses, ...growth }))
  const tree = grow(
    examples.filter((example) => !echoes.has(example)),
    { senses, ...growth },
  )
  const told = heard(tree).alarms.reduce((sum, { leadHours }) => sum + (leadHours ?? 0), 0)
  const failures = units.flatMap((unit) => failuresOf(unit, component)).length
  const unannounced = failures === 0 ? 1 : Math.max(0, 1 - told / (failures * horizonHours))
  return { component, baseRate, tree, life: fitPartLife(units, component), unannounced }
}

interface Heard {
  alarms: Example[]
  /** Moments at which an earlier alarm of the unit was still open. */
  echoes: Set<Example>
}

function hear(examples: readonly Example[], horizonHours: number, isAlarm: (example: Example) => boolean): Heard {
  const heard: Heard = { alarms: [], echoes: new Set() }
  const openUntil = new Map<string, number>()
  for (const example of examples) {
    if (example.atMs < (openUntil.get(example.unit) ?? -Infinity)) heard.echoes.add(example)
    else if (isAlarm(example)) {
      heard.alarms.push(example)
      openUntil.set(example.unit, example.atMs + (example.leadHours ?? horizonHours) * hourMs)
    }
  }
  return heard
}

function sensesOf(units: readonly UnitHistory[], codes: readonly string[], frame: Frame, clock: boolean): Sense[] {
  const models = [...new Set(units.map(({ statics }) => statics.model))].sort()
  return [
    ...codes.map((code): Sense => ({ of: 'code', code })),
    ...models.map((model): Sense => ({ of: 'model', model })),
    { of: 'part' },
    { of: 'age' },
    ...(frame.visitEveryHours === null ? [] : [{ of: 'due' } as const]),
    ...(clock ? [{ of: 'clock' } as const] : []),
  ]
}

const isWatched = ({ observed: { fromMs, toMs } }: UnitHistory): boolean =>
  isTime(fromMs) && isTime(toMs) && fromMs < toMs

const isObserved = ({ observed }: UnitHistory, { atMs }: RiskEvent): boolean =>
  atMs >= observed.fromMs && atMs <= observed.toMs

const failuresOf = (unit: UnitHistory, component?: string): RiskEvent[] =>
  unit.events.filter(
    (event) =>
      event.kind === 'failure' && (component ?? event.component) === event.component && isObserved(unit, event),
  )

function namesOf(units: readonly UnitHistory[], pick: (event: RiskEvent) => readonly string[]): string[] {
  const events = units.flatMap((unit) => unit.events.filter((event) => isObserved(unit, event)))
  return [...new Set(events.flatMap(pick))].sort()
}

const trainedOn = (units: readonly UnitHistory[], moments: number): RiskModel['trainedOn'] => ({
  units: units.length,
  moments,
  failures: units.flatMap((unit) => failuresOf(unit)).length,
  fromMs: Math.min(...units.map(({ observed }) => observed.fromMs)),
  toMs: Math.max(...units.map(({ observed }) => observed.toMs)),
})

const nothingToLearn = (codes: number, components: number): Terminal =>
  new Terminal(
    'RISK_TRAINING_EMPTY',
    `the histories hold ${codes} codes and failures of ${components} components: expected at least one of each`,
    { hint: 'pass units with codes and failures within their observed time' },
  )
