import { Terminal } from '@pitcrew/errors'
import type { ModelCard } from './model-card.ts'

const namePattern = /^[A-Za-z0-9._-]{1,64}$/

/** The same value, checked. Throws Terminal MODEL_INVALID naming the place that is wrong. */
export function readModelCard(json: unknown): ModelCard {
  const card = objectAt(json, 'card')
  for (const key of ['name', 'version'])
    if (typeof card[key] !== 'string' || !namePattern.test(card[key]))
      throw invalid(`card.${key}`, card[key], '1 to 64 of A-Z a-z 0-9 . _ -')
  if (typeof card.kind !== 'string') throw invalid('card.kind', card.kind, 'text')
  if (typeof card.trainedAt !== 'string' || Number.isNaN(Date.parse(card.trainedAt)))
    throw invalid('card.trainedAt', card.trainedAt, 'a time in ISO 8601')
  const { description, units, rows, sha256 } = objectAt(card.data, 'card.data')
  if (typeof description !== 'string') throw invalid('card.data.description', description, 'text')
  for (const [key, count] of Object.entries({ units, rows }))
    if (!Number.isInteger(count) || (count as number) < 0) throw invalid(`card.data.${key}`, count, 'a count')
  if (typeof sha256 !== 'string') throw invalid('card.data.sha256', sha256, 'text')
  for (const [key, value] of Object.entries(objectAt(card.metrics, 'card.metrics')))
    if (typeof value !== 'number') throw invalid(`card.metrics.${key}`, value, 'a number')
  objectAt(card.parameters, 'card.parameters')
  return json as ModelCard
}

function objectAt(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw invalid(where, value, 'an object')
}

const invalid = (where: string, value: unknown, expected: string) =>
  new Terminal('MODEL_INVALID', `${where} is ${JSON.stringify(value)?.slice(0, 40)}: expected ${expected}`, {
    hint: 'take the artefact as ./pitcrew train wrote it',
  })
