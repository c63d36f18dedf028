/**
 * Writes the pages of docs/reference from the code, or with --check tells which of them are stale and exits with 1.
 *
 *     node tools/docs/generate.ts [--check]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as prettier from 'prettier'
import { asyncApiPage } from './pages/asyncapi.ts'
import { capabilitiesPage } from './pages/capabilities.ts'
import { caseStatesPage } from './pages/case-states.ts'
import { configurationPage } from './pages/configuration.ts'
import { openApiPage } from './pages/openapi.ts'
import { subjectsPage } from './pages/subjects.ts'

const root = join(import.meta.dirname, '../..')

const pages: Record<string, () => string | Promise<string>> = {
  'docs/reference/subjects.md': subjectsPage,
  'docs/reference/capabilities.md': capabilitiesPage,
  'docs/reference/case-states.md': caseStatesPage,
  'docs/reference/configuration.md': configurationPage,
  'docs/reference/asyncapi.yaml': () => asyncApiPage(root),
  'docs/reference/openapi.json': openApiPage,
}

/** Path to content, formatted as the rest of the project is. */
export async function generate(): Promise<Map<string, string>> {
  const made = new Map<string, string>()
  for (const [path, make] of Object.entries(pages)) {
    const filepath = join(root, path)
    const style = await prettier.resolveConfig(filepath)
    made.set(path, await prettier.format(await make(), { ...style, filepath }))
  }
  return made
}

/** The pages that are not what the code gives. */
export async function stalePages(): Promise<string[]> {
  const stale: string[] = []
  for (const [path, content] of await generate()) if (read(path) !== content) stale.push(path)
  return stale
}

function read(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function write(): Promise<void> {
  for (const [path, content] of await generate()) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
    console.log(path)
  }
}

async function check(): Promise<void> {
  const stale = await stalePages()
  if (stale.length === 0) return
  console.error(`STALE_DOCS: not what the code gives; run node tools/docs/generate.ts:\n  ${stale.join('\n  ')}`)
  process.exitCode = 1
}

if (import.meta.main) await (process.argv.includes('--check') ? check() : write())
