/** F9: what a software task is told: a small module, declared, with examples of what each function has to give. */
import type { Json } from '@pitcrew/workflow'
import { z } from 'zod'

const identifier = z.string().regex(/^[a-z][A-Za-z0-9]{0,59}$/, 'expected camelCase')
const typeName = z.string().regex(/^[A-Z][A-Za-z0-9]{0,59}$/, 'expected PascalCase')
const typeText = z.string().min(1).max(300)
const prose = z.string().min(1).max(500)
const json = z.json()

const example = z
  .strictObject({
    args: z.array(json).max(10),
    returns: json.optional(),
    throws: z.string().min(1).max(200).optional().describe('part of the error’s message'),
  })
  .refine(({ returns, throws }) => returns === undefined || throws === undefined, 'either returns or throws')

export const moduleSpec = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'expected kebab-case')
    .max(60),
  version: z
    .string()
    .regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}$/, 'expected a version like 1.0.0')
    .default('0.1.0'),
  description: prose,
  types: z
    .array(
      z.strictObject({
        name: typeName,
        description: prose.optional(),
        fields: z
          .array(z.strictObject({ name: identifier, type: typeText, optional: z.boolean().optional() }))
          .min(1)
          .max(50),
      }),
    )
    .max(30)
    .default([]),
  functions: z
    .array(
      z.strictObject({
        name: identifier,
        description: prose,
        params: z.array(z.strictObject({ name: identifier, type: typeText })).max(10),
        returns: typeText,
        body: z.string().min(1).max(4_000).describe('TypeScript statements'),
        examples: z.array(example).min(1).max(50),
      }),
    )
    .min(1)
    .max(30),
})

/** Someone of the team, as agents are chosen by. */
export const specialist = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,59}$/),
  capabilities: z.array(z.string().max(60)).min(1).max(20),
  expertise: z.array(z.string().max(60)).max(20),
  slots: z.number().int().min(1).max(100).default(4),
  running: z.number().int().min(0).default(0),
  record: z
    .strictObject({ succeeded: z.number().int().min(0), failed: z.number().int().min(0) })
    .default({ succeeded: 0, failed: 0 }),
})

export interface ModuleSpec {
  name: string
  version: string
  description: string
  types: TypeSpec[]
  functions: FunctionSpec[]
}
export interface TypeSpec {
  name: string
  description?: string
  fields: { name: string; type: string; optional?: boolean }[]
}
export interface FunctionSpec {
  name: string
  description: string
  params: { name: string; type: string }[]
  returns: string
  body: string
  examples: Example[]
}
export interface Example {
  args: Json[]
  returns?: Json
  throws?: string
}
export type Specialist = z.output<typeof specialist>
