/** F1: what plans may be made of. */
import type { Capability } from '@pitcrew/contracts'

export type FieldKind = 'text' | 'number' | 'boolean' | 'list' | 'any'

export interface CatalogueEntry {
  capability: string
  does: string
  expertise: readonly string[]
  /** Kind of each field. */
  input: Readonly<Record<string, FieldKind>>
  output: Readonly<Record<string, FieldKind>>
  /** Fields without which it makes no sense. */
  required: readonly string[]
  /** What it changes outside of the workflow, for whoever approves the plan; '' if nothing. */
  effect: string
  /** Milliseconds, one attempt. */
  timeoutMs: number
  undo?: {
    capability: string
    timeoutMs: number
    /** Field of its input to path in the output. */ input: Record<string, string>
  }
}

export type Catalogue = readonly CatalogueEntry[]

export const entryOf = (catalogue: Catalogue, capability: string): CatalogueEntry | undefined =>
  catalogue.find((entry) => entry.capability === capability)

type Described = Pick<CatalogueEntry, 'does' | 'expertise' | 'required'> & {
  effect?: string
  undo?: CatalogueEntry['undo']
}

/** An entry whose fields are those of the capability's messages. */
export function describe<I, O>(capability: Capability<I, O>, { effect = '', ...described }: Described): CatalogueEntry {
  return {
    capability: capability.name,
    ...described,
    effect,
    input: fieldsOf(capability.request.fromPartial({} as never)),
    output: fieldsOf(capability.response.fromPartial({} as never)),
    timeoutMs: capability.timeoutMs,
  }
}

function fieldsOf(empty: unknown): Record<string, FieldKind> {
  return Object.fromEntries(Object.entries(empty as object).map(([name, value]) => [name, kindOf(value)]))
}

export function kindOf(value: unknown): FieldKind {
  switch (typeof value) {
    case 'string':
      return 'text'
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    default:
      return Array.isArray(value) ? 'list' : 'any'
  }
}
