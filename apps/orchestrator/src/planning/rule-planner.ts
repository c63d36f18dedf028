/**
 * F1: plans by rules. A rule book is a list of steps; a goal names some of them by its kind, its words or the skills that it asks
 * for, and each brings in the steps that it needs. Works without any other service, and gives the same plan for the same goal.
 */
import { Terminal } from '@pitcrew/errors'
import type { Catalogue } from './catalogue.ts'
import type { Binding, Draft, DraftTask, Goal, Planner } from './plan.ts'
import { wordsOf, type Words } from './words.ts'

export interface Rule {
  id: string
  /** Left out, the capability that knows most of the expertise is taken. */
  capability?: string
  expertise: readonly string[]
  /** Steps whose results it needs, which come with it. */
  needs: readonly string[]
  inputs: readonly Binding[]
  rationale: string
  /** Kinds of goals that want it. */
  kinds?: readonly string[]
  /** Beginnings of words that speak of it. */
  words?: readonly string[]
}

export const fromGoal = (field: string, path = field): Binding => ({
  field,
  source: 'goal',
  task: null,
  path,
  value: null,
})
export const fromTask = (field: string, task: string, path: string): Binding => ({
  field,
  source: 'task',
  task,
  path,
  value: null,
})
export const literal = (field: string, value: string | number | boolean): Binding => ({
  field,
  source: 'literal',
  task: null,
  path: '',
  value,
})

export function rulePlanner(rules: readonly Rule[]): Planner {
  const byId = new Map(rules.map((rule) => [rule.id, rule]))
  return {
    name: 'rules',
    async plan(goal, catalogue) {
      return draftOf(goal, catalogue, rules, byId)
    },
  }
}

function draftOf(goal: Goal, catalogue: Catalogue, rules: readonly Rule[], byId: ReadonlyMap<string, Rule>): Draft {
  const words = wordsOf(goal.text)
  const wanted = rules.filter((rule) => wants(goal, words, rule))
  if (wanted.length === 0) throw noPlan(rules)
  const chosen = new Set<string>()
  for (const { id } of wanted) bringIn(id, chosen, byId, words)
  const tasks = rules.filter(({ id }) => chosen.has(id)).map((rule) => taskOf(rule, goal, catalogue))
  const aims = wanted.map(({ id }) => id).join(', ')
  return { summary: `${tasks.length} tasks towards ${aims}`, tasks }
}

function wants({ kind, skills }: Goal, words: Words, rule: Rule): boolean {
  const spoken = words.mentions(rule.words ?? [])
  if (spoken === 'excluded') return false
  return (
    spoken === 'mentioned' ||
    (kind !== '' && (rule.kinds?.includes(kind) ?? false)) ||
    skills.some((skill) => rule.expertise.includes(skill))
  )
}

/** Everything that it needs, first. */
function bringIn(id: string, chosen: Set<string>, byId: ReadonlyMap<string, Rule>, words: Words): void {
  if (chosen.has(id)) return
  const rule = byId.get(id)
  if (!rule) throw new Terminal('BAD_RULE', `a rule needs "${id}", which is no rule`)
  if (words.mentions(rule.words ?? []) === 'excluded') {
    throw new Terminal('NO_PLAN', `the goal excludes "${id}", and wants what cannot be done without it`, {
      hint: 'ask for less, or do not exclude it',
    })
  }
  chosen.add(id)
  for (const need of rule.needs) bringIn(need, chosen, byId, words)
}

function taskOf(rule: Rule, goal: Goal, catalogue: Catalogue): DraftTask {
  const { id, needs, inputs, expertise, rationale } = rule
  const capability = rule.capability ?? bestFor(expertise, catalogue)
  // Only what is known: a capability says itself which inputs it cannot do without.
  const known = inputs.filter(
    ({ source, path }) => source !== 'goal' || Object.hasOwn(goal.inputs, path.split('.')[0] ?? ''),
  )
  return { id, capability, after: [...needs], inputs: known, expertise: [...expertise], rationale }
}

function bestFor(expertise: readonly string[], catalogue: Catalogue): string {
  const knows = (tags: readonly string[]): number => expertise.filter((tag) => tags.includes(tag)).length
  const best = catalogue.reduce<{ capability: string; count: number }>(
    (most, entry) => {
      const count = knows(entry.expertise)
      return count > most.count ? { capability: entry.capability, count } : most
    },
    { capability: '', count: 0 },
  )
  if (best.count > 0) return best.capability
  throw new Terminal('NO_PLAN', `nothing in the catalogue knows of ${expertise.join(', ')}`)
}

function noPlan(rules: readonly Rule[]): Terminal {
  const kinds = [...new Set(rules.flatMap((rule) => rule.kinds ?? []))].join(', ')
  const words = rules.flatMap((rule) => rule.words ?? []).join(', ')
  return new Terminal('NO_PLAN', 'no rule knows what to do for this goal', {
    hint: `kinds of goals are ${kinds}; words that rules know begin with ${words}`,
  })
}
