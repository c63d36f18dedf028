/** F1: what a draft has to look like. The schema is also what a model is asked to answer with. */
import { Terminal } from '@pitcrew/errors'
import { z } from 'zod'
import { entryOf, kindOf, type Catalogue, type CatalogueEntry, type FieldKind } from './catalogue.ts'
import type { Binding, Draft, DraftTask, Goal } from './plan.ts'

export const mostTasks = 40
const name = z.string().min(1).max(80)
const path = z.string().max(200)

const bindingSchema = z.strictObject({
  field: z
    .string()
    .min(1)
    .max(200)
    .describe('field of the input, names joined by points; a number is a place in a list'),
  source: z.enum(['goal', 'task', 'literal']),
  task: name.nullable().describe('id of the task, for source "task"; else null'),
  path: path.describe("into the goal's inputs or the task's output, names joined by points"),
  value: z
    .union([z.string().max(2_000), z.number(), z.boolean(), z.null()])
    .describe('for source "literal"; else null'),
})

export const draftSchema = z.strictObject({
  summary: z.string().min(1).max(1_000).describe('the plan in one sentence'),
  tasks: z
    .array(
      z.strictObject({
        id: name.describe('lower-case letters, digits and hyphens'),
        capability: name.describe('one of the catalogue'),
        after: z.array(name).max(mostTasks).describe('ids of the tasks that come before'),
        inputs: z.array(bindingSchema).max(60),
        expertise: z.array(name).max(10).describe('expertise that the task wants'),
        rationale: z.string().min(1).max(1_000).describe('why the task is there'),
      }),
    )
    .min(1)
    .max(mostTasks),
})

/** Ids that the definition around a plan uses itself. */
export type Reserved = ReadonlySet<string>

/**
 * All that is wrong with a draft but its order, which the graph is checked for.
 * @throws Terminal BAD_PLAN with up to eight problems, so that they can be mended at once
 */
export function checkDraft(value: unknown, goal: Goal, catalogue: Catalogue, reserved: Reserved): Draft {
  const parsed = draftSchema.safeParse(value)
  if (!parsed.success) {
    refuse(parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the plan'}: ${issue.message}`))
  }
  const { summary, tasks } = parsed.data
  const problems = tasks.flatMap((task) => problemsOf(task, tasks, goal, catalogue, reserved))
  const covered = new Set(tasks.flatMap(({ capability }) => entryOf(catalogue, capability)?.expertise ?? []))
  for (const skill of goal.skills) {
    if (!covered.has(skill)) problems.push(`no task brings in the skill "${skill}" that the goal asks for`)
  }
  if (problems.length > 0) refuse(problems)
  return { summary, tasks }
}

function refuse(problems: readonly string[]): never {
  const more = problems.length > 8 ? `; and ${problems.length - 8} more` : ''
  throw new Terminal('BAD_PLAN', problems.slice(0, 8).join('; ') + more, {
    hint: 'a plan may use the capabilities and fields of the catalogue only',
  })
}

function problemsOf(
  task: DraftTask,
  tasks: readonly DraftTask[],
  goal: Goal,
  catalogue: Catalogue,
  reserved: Reserved,
): string[] {
  const place = `task "${task.id}"`
  if (reserved.has(task.id)) return [`${place}: this id is in use; choose another`]
  const entry = entryOf(catalogue, task.capability)
  if (!entry) return [`${place}: there is no capability "${task.capability}" in the catalogue`]
  const given = new Set(task.inputs.map(({ field }) => field.split('.')[0]))
  const missing = entry.required.filter((field) => !given.has(field))
  return [
    ...task.inputs.flatMap((binding) => problemOf(binding, entry, { tasks, goal, catalogue }) ?? []),
    ...clashes(task.inputs),
    ...(missing.length > 0 ? [`its input lacks ${missing.join(', ')}`] : []),
  ].map((problem) => `${place}: ${problem}`)
}

interface Known {
  tasks: readonly DraftTask[]
  goal: Goal
  catalogue: Catalogue
}

function problemOf(binding: Binding, entry: CatalogueEntry, known: Known): string | undefined {
  const steps = binding.field.split('.')
  // A name like __proto__ would reach what is no field.
  if (!steps.every((step) => /^[A-Za-z][A-Za-z0-9]*$|^[0-9]{1,2}$/.test(step))) return `"${binding.field}" is no field`
  const wanted = kindIn(entry.input, steps[0] as string)
  if (!wanted) return `${entry.capability} takes no "${steps[0]}", only ${Object.keys(entry.input).join(', ')}`
  const found = sourceKind(binding, known)
  if (typeof found === 'object') return found.problem
  if (steps.length > 1 || wanted === 'any' || found === 'any' || wanted === found) return undefined
  return `"${binding.field}" wants a ${wanted} and gets a ${found}`
}

function sourceKind({ source, task: id, path: from, value }: Binding, known: Known): FieldKind | { problem: string } {
  const [first = '', ...rest] = from.split('.')
  switch (source) {
    case 'literal':
      return value === null ? 'any' : kindOf(value)
    case 'goal':
      if (!Object.hasOwn(known.goal.inputs, first)) {
        const names = Object.keys(known.goal.inputs).join(', ') || 'none'
        return { problem: `the goal has no input "${first}"; it has ${names}` }
      }
      return rest.length > 0 ? 'any' : kindOf(known.goal.inputs[first])
    case 'task': {
      const capability = known.tasks.find((one) => one.id === id)?.capability
      const output = capability === undefined ? undefined : entryOf(known.catalogue, capability)?.output
      if (!output) return { problem: `it reads task "${String(id)}", which is not in the plan` }
      if (from === '') return 'any'
      const kind = kindIn(output, first)
      if (!kind) return { problem: `"${String(id)}" gives no "${first}", only ${Object.keys(output).join(', ')}` }
      return rest.length > 0 ? 'any' : kind
    }
  }
}

const kindIn = (fields: Readonly<Record<string, FieldKind>>, field: string): FieldKind | undefined =>
  Object.hasOwn(fields, field) ? fields[field] : undefined

/** A field is given once: not twice, and not both whole and in parts. */
function clashes(inputs: readonly Binding[]): string[] {
  const fields = inputs.map(({ field }) => field).sort()
  return fields.flatMap((field, i) => {
    const clash = fields.find((other, j) => j !== i && (other === field ? j < i : other.startsWith(`${field}.`)))
    return clash === undefined ? [] : [`its field "${clash}" is given twice`]
  })
}
