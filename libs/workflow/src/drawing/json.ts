/** C3: a definition as text, and back. */
import { Terminal } from '@pitcrew/errors'
import { checkDefinition } from '../definition/check.ts'
import type { Definition } from '../definition/definition.ts'
import type { Json } from '../definition/json.ts'

/** The same definition gives the same text, whatever order its keys were written in; so texts can be compared. */
export function definitionJson(definition: Definition): string {
  return JSON.stringify(sorted(definition as unknown as Json), null, 2) + '\n'
}

/**
 * @throws Terminal BAD_DEFINITION for what is no JSON, or what checkDefinition refuses it for
 */
export function readDefinition(text: string): Definition {
  const definition = parse(text)
  checkDefinition(definition)
  return definition
}

function parse(text: string): Definition {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new Terminal('BAD_DEFINITION', `the definition is no JSON: ${(error as Error).message}`, { cause: error })
  }
  const { name, version, lifecycle, graph } = (json ?? {}) as Partial<Definition>
  if (typeof name !== 'string' || !Number.isInteger(version) || !lifecycle || !Array.isArray(graph?.nodes)) {
    throw new Terminal('BAD_DEFINITION', 'expected an object with name, version, lifecycle and graph.nodes')
  }
  return json as Definition
}

function sorted(json: Json): Json {
  if (json === null || typeof json !== 'object') return json
  if (Array.isArray(json)) return json.map(sorted)
  const keys = Object.keys(json).sort()
  return Object.fromEntries(keys.flatMap((key) => (json[key] === undefined ? [] : [[key, sorted(json[key])]])))
}
