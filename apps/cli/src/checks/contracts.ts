import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../platform/checkout.ts'
import { runProgram, type Outcome } from './command.ts'

const generated = 'libs/contracts/src/gen'

/** Generates the code of proto/ anew and compares: what is checked in must be what proto/ says. */
export async function staleCode(): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'pitcrew-contracts-'))
  try {
    const outcome = await runProgram('buf', ['generate', '-o', folder])
    if (!outcome.ok) return outcome
    const differing = differences(join(root, generated), join(folder, generated))
    if (differing.length === 0) return outcome
    return {
      ok: false,
      output: `${generated} is not what proto/ gives; run npx buf generate:\n  ${differing.join('\n  ')}`,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export function differences(left: string, right: string): string[] {
  const files = (folder: string) => globSync('**/*.ts', { cwd: folder })
  const all = [...new Set([...files(left), ...files(right)])].sort()
  return all.filter((file) => read(join(left, file)) !== read(join(right, file)))
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined // only on the other side
  }
}

/** What would break those who use the last release, or, before the first, the main branch. */
export async function breakingChanges(): Promise<Outcome> {
  const baseline = await lastRelease()
  if (baseline === undefined) return { ok: true, output: '' }
  return runProgram('buf', ['breaking', '--against', `.git#ref=${baseline}`])
}

async function lastRelease(): Promise<string | undefined> {
  const tag = await runProgram('git', ['describe', '--tags', '--abbrev=0', 'HEAD'])
  if (tag.ok) return tag.output.trim()
  for (const branch of ['origin/main', 'main']) {
    const base = await runProgram('git', ['merge-base', 'HEAD', branch])
    const holdsContracts = base.ok && (await runProgram('git', ['cat-file', '-e', `${base.output.trim()}:buf.yaml`])).ok
    if (holdsContracts) return base.output.trim()
  }
  return undefined
}
