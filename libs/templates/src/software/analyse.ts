/** F1: the analyst: whether a spec can be built at all, and what it will take. */
import { Terminal, toFailure } from '@pitcrew/errors'
import type { Json } from '@pitcrew/workflow'
import type { Example, FunctionSpec, ModuleSpec } from './spec.ts'
import { fits, namesIn, parseType, type Fields, type Type } from './type-text.ts'

export interface Requirements {
  functions: number
  types: number
  examples: number
  /** What it is good to know for this one. */
  expertise: string[]
}

const reserved = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally
  for function if implements import in instanceof interface let new null package private protected public return static super
  switch this throw true try typeof undefined var void while with yield`.split(/\s+/),
)

/** @throws Terminal BAD_SPEC with everything that is wrong in `details` */
export function analyse({ module }: { module: ModuleSpec }): Requirements {
  const wrong = [...doubled(module), ...typesOf(module), ...module.functions.flatMap((one) => wrongIn(one, module))]
  if (wrong.length > 0)
    throw new Terminal('BAD_SPEC', `module ${module.name} cannot be built: ${wrong.slice(0, 5).join('; ')}`, {
      hint: 'correct the spec and start again',
      details: { wrong },
    })
  const { functions, types } = module
  const fails = functions.some(({ examples }) => examples.some(({ throws }) => throws !== undefined))
  return {
    functions: functions.length,
    types: types.length,
    examples: functions.reduce((sum, { examples }) => sum + examples.length, 0),
    expertise: ['typescript', ...(types.length > 0 ? ['data-modelling'] : []), ...(fails ? ['error-handling'] : [])],
  }
}

function doubled({ functions, types }: ModuleSpec): string[] {
  const names = [...functions, ...types].map(({ name }) => name)
  const twice = names.filter((name, i) => names.indexOf(name) !== i).map((name) => `${name} is declared twice`)
  return [...twice, ...names.filter((name) => reserved.has(name)).map((name) => `${name} is a reserved word`)]
}

/** Every type text that stands somewhere. */
function typesOf({ functions, types }: ModuleSpec): string[] {
  const known = new Set(types.map(({ name }) => name))
  const texts = [
    ...types.flatMap(({ name, fields }) => fields.map((field) => ({ at: `${name}.${field.name}`, type: field.type }))),
    ...functions.flatMap(({ name, params, returns }) => [
      ...params.map((param) => ({ at: `${name}(${param.name})`, type: param.type })),
      { at: `${name} returns`, type: returns },
    ]),
  ]
  return texts.flatMap(({ at, type }) => {
    const parsed = parsedOr(type)
    if (typeof parsed === 'string') return [`${at}: ${parsed}`]
    return namesIn(parsed).flatMap((name) => (known.has(name) ? [] : [`${at}: there is no type ${name}`]))
  })
}

function parsedOr(text: string): Type | string {
  try {
    return parseType(text)
  } catch (error) {
    return toFailure(error).message
  }
}

function wrongIn(one: FunctionSpec, { types }: ModuleSpec): string[] {
  const named: Fields = Object.fromEntries(types.map(({ name, fields }) => [name, fields]))
  const names = one.params.map(({ name }) => name)
  return [
    ...names.filter((name, i) => names.indexOf(name) !== i).map((name) => `${one.name} takes ${name} twice`),
    ...names.filter((name) => reserved.has(name)).map((name) => `${one.name}(${name}): a reserved word`),
    ...one.examples.flatMap((example, i) =>
      wrongExample(example, one, named).map((what) => `${one.name} example ${i + 1}: ${what}`),
    ),
  ]
}

function wrongExample({ args, returns, throws }: Example, one: FunctionSpec, named: Fields): string[] {
  if (args.length !== one.params.length) return [`${args.length} arguments, expected ${one.params.length}`]
  const wrong = one.params.flatMap(({ name, type }, i) => (isOf(args[i], type, named) ? [] : [`${name} is no ${type}`]))
  if (throws === undefined && !isOf(returns, one.returns, named)) wrong.push(`gives what is no ${one.returns}`)
  return wrong
}

/** A type that cannot be read is reported where it stands, not with every example. */
function isOf(value: Json | undefined, text: string, named: Fields): boolean {
  const type = parsedOr(text)
  try {
    return typeof type === 'string' || fits(value, type, named)
  } catch (error) {
    if (toFailure(error).code === 'BAD_TYPE') return true
    throw error
  }
}
