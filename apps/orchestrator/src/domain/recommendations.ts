/**
 * C5: what a workflow recommends, consolidated: what its nodes gave, what its failure hints at and what its evaluation found,
 * the weightiest first, each said once.
 */
import type { engine } from '@pitcrew/contracts'
import type { Json } from '@pitcrew/workflow'
import type { WorkflowRow } from './workflow-row.ts'

type Recommendation = engine.Recommendation

/** Outputs may be large; what is deeper in them is no recommendation to people. */
const deepest = 6
const fromNodes = 0.8

export function consolidated(
  { failure, outputs }: Pick<WorkflowRow, 'failure' | 'outputs'>,
  evaluated: readonly Recommendation[],
): Recommendation[] {
  const all: Recommendation[] = []
  if (failure?.hint) all.push({ text: failure.hint, source: failure.node, weight: 1 })
  for (const [path, output] of Object.entries(outputs ?? {})) {
    if (!path.startsWith('$')) all.push(...recommendationsIn(output).map((one) => ({ ...one, source: path })))
  }
  all.push(...evaluated)
  const once = new Map<string, Recommendation>()
  for (const one of all) {
    const key = one.text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
    const known = once.get(key)
    if (key !== '' && (!known || known.weight < one.weight)) once.set(key, one)
  }
  return [...once.values()].sort((a, b) => b.weight - a.weight)
}

/** Fields that are called so, as text, as a list of texts, or as objects with a text and a weight. */
function recommendationsIn(value: Json, depth = 0): { text: string; weight: number }[] {
  if (value === null || typeof value !== 'object' || depth > deepest) return []
  if (Array.isArray(value)) return value.flatMap((one) => recommendationsIn(one, depth + 1))
  return Object.entries(value).flatMap(([name, inner]) =>
    /^recommend(ation|ations|ed)?(Action|Actions)?$/.test(name) ? said(inner) : recommendationsIn(inner, depth + 1),
  )
}

function said(value: Json): { text: string; weight: number }[] {
  if (typeof value === 'string') return [{ text: value, weight: fromNodes }]
  if (Array.isArray(value)) return value.flatMap(said)
  if (value === null || typeof value !== 'object') return []
  const { text, weight } = value
  if (typeof text !== 'string') return []
  return [{ text, weight: typeof weight === 'number' ? Math.min(1, Math.max(0, weight)) : fromNodes }]
}
