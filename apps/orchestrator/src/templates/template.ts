/** F9: a workflow that people start by name, with an input that is checked before anything runs. */
import { Terminal } from '@pitcrew/errors'
import type { Definition, Json, LocalAgent } from '@pitcrew/workflow'
import { z } from 'zod'

export interface Template {
  /** What it is started by. */
  name: string
  title: string
  description: string
  inputSchema: z.ZodType
  definition: Definition
  /** Search attributes that a start gets from its (checked) input: priority, urgency, vehicleId and others. */
  attributesOf?: (input: Json) => { [name: string]: Json }
  /** Steps that the orchestrator does itself, by capability; the others go to agents. */
  agents?: Readonly<Record<string, LocalAgent>>
}

/** The input as its schema gives it, defaults filled in. @throws Terminal BAD_INPUT with every place that is wrong */
export function checkedInput({ name, inputSchema }: Template, input: unknown): Json {
  const checked = inputSchema.safeParse(input)
  if (checked.success) return checked.data as Json
  const wrong = checked.error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`)
  throw new Terminal('BAD_INPUT', `the input does not fit template ${name}: ${wrong.join('; ')}`, {
    hint: 'list the templates to see the schema of the input',
    details: { wrong },
  })
}

/** JSON Schema (draft 2020-12) of what may be given. */
export const schemaOf = ({ inputSchema }: Template): Record<string, unknown> =>
  z.toJSONSchema(inputSchema, { io: 'input' }) as Record<string, unknown>
