import { Terminal } from '@pitcrew/errors'
import type { Json } from '@pitcrew/workflow'
import { z } from 'zod'
import type { Goal } from './plan.ts'

const json: z.ZodType<Json> = z.json() as z.ZodType<Json>

export const goalSchema = z.strictObject({
  kind: z.string().max(100).default(''),
  text: z.string().min(1).max(4_000),
  skills: z.array(z.string().min(1).max(80)).max(20).default([]),
  inputs: z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,79}$/, { message: 'a name of letters and digits was expected' }),
      json,
    )
    .default({}),
})

/** @throws Terminal BAD_GOAL */
export function checkGoal(value: unknown): Goal {
  const parsed = goalSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the goal'}: ${message}`)
  throw new Terminal('BAD_GOAL', problems.slice(0, 5).join('; '), {
    hint: 'a goal is { kind, text, skills, inputs }',
  })
}
