/** F9: what the specialists write from a spec: source, declarations, tests, documents. Texts only; nothing here does I/O. */
import type { Json } from '@pitcrew/workflow'
import type { Example, FunctionSpec, ModuleSpec, TypeSpec } from './spec.ts'
import type { Role } from './team.ts'

/** The TypeScript of the module. */
export function sourceText({ name, description, types, functions }: ModuleSpec): string {
  const head = `/**\n * ${name}: ${comment(description)}\n */\n`
  return [head, ...types.map(typeText), ...functions.map((one) => `${headOf(one)} {\n${indented(one.body)}\n}\n`)].join(
    '\n',
  )
}

/** The module's declarations, as its users' editors read them. */
export const declarationText = ({ types, functions }: ModuleSpec): string =>
  [...types.map(typeText), ...functions.map((one) => `${headOf(one, 'declare ')}\n`)].join('\n')

export function manifestText({ name, version, description }: ModuleSpec): string {
  const entry = { types: './dist/index.d.ts', default: './dist/index.js' }
  return `${JSON.stringify({ name, version, description, type: 'module', exports: { '.': entry }, files: ['dist', 'src'] }, null, 2)}\n`
}

/** Tests for Node's own runner, one for each example. */
export function testText({ functions }: ModuleSpec): string {
  const names = functions.map(({ name }) => name).join(', ')
  const head = `import assert from 'node:assert/strict'\nimport { test } from 'node:test'\nimport { ${names} } from '../dist/index.js'\n`
  return [
    head,
    ...functions.flatMap((one) => one.examples.map((example, i) => oneTest(one.name, example, i + 1))),
  ].join('\n')
}

export const testName = (name: string, number: number): string => `${name} example ${number}`

function oneTest(name: string, { args, returns, throws }: Example, number: number): string {
  const call = `${name}(${args.map(literal).join(', ')})`
  const check =
    throws === undefined
      ? `assert.deepEqual(${call}, ${returns === undefined ? 'undefined' : literal(returns)})`
      : `assert.throws(() => ${call}, (error) => String(error?.message ?? error).includes(${literal(throws)}))`
  return `test(${literal(testName(name, number))}, () => {\n  ${check}\n})\n`
}

export function documentText(module: ModuleSpec, by: Readonly<Record<Role, string>>): string {
  const { name, version, description, types, functions } = module
  const sections = [
    `# ${name}\n\n${description}\n\nVersion ${version}.`,
    ...functions.map((one) => `## ${one.name}\n\n${one.description}\n\n${fenced(usageOf(one, name))}`),
    ...(types.length > 0 ? [`## Types\n\n${fenced(types.map(typeText).join('\n').trimEnd())}`] : []),
    `## Made by\n\n${Object.entries(by)
      .map(([role, who]) => `- ${role}: ${who}`)
      .join('\n')}`,
  ]
  return `${sections.join('\n\n')}\n`
}

function usageOf({ name, examples }: FunctionSpec, module: string): string {
  const lines = examples.map(({ args, returns, throws }) => {
    const outcome = throws === undefined ? shown(returns ?? null) : `throws: ${throws}`
    return `${name}(${args.map(shown).join(', ')}) // ${outcome.replaceAll('\n', ' ')}`
  })
  return [`import { ${name} } from '${module}'`, '', ...lines].join('\n')
}

function typeText({ name, description, fields }: TypeSpec): string {
  const head = description === undefined ? '' : `/** ${comment(description)} */\n`
  const lines = fields.map((field) => `  ${field.name}${field.optional ? '?' : ''}: ${field.type}`)
  return `${head}export interface ${name} {\n${lines.join('\n')}\n}\n`
}

function headOf({ name, description, params, returns }: FunctionSpec, declare = ''): string {
  const list = params.map((param) => `${param.name}: ${param.type}`).join(', ')
  return `/** ${comment(description)} */\nexport ${declare}function ${name}(${list}): ${returns}`
}

/** A text cannot end the comment that it stands in. */
const comment = (text: string): string => text.replaceAll('*/', '*\u200b/').replaceAll(/\s+/g, ' ').trim()
const indented = (body: string): string =>
  body
    .trimEnd()
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : `  ${line}`))
    .join('\n')
const shown = (value: Json): string => JSON.stringify(value)
/** As source. What has fields is read as JSON, for there __proto__ is a field like any other. */
const literal = (value: Json): string =>
  typeof value === 'object' && value !== null ? `JSON.parse(${shown(shown(value))})` : shown(value)
const fenced = (code: string): string => `\`\`\`ts\n${code}\n\`\`\``
