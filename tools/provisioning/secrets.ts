import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Terminal } from '@pitcrew/errors'

/** 256 random bits each, in base64url: fit for a URL, a key file and an Authorization header alike. */
export type Secrets<Name extends string> = Record<Name, string>

/**
 * The secrets of those names from `secrets.json` in the folder (readable by its owner alone); what is not there is made and
 * kept, what is there is never replaced: databases and broker were set up with it.
 *
 * Throws Terminal SECRETS_UNREADABLE when the file is not what was written there.
 */
export function ensureSecrets<Name extends string>(folder: string, names: readonly Name[]): Secrets<Name> {
  const file = join(folder, 'secrets.json')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const secrets = read(file)
  const missing = names.filter((name) => !Object.hasOwn(secrets, name))
  for (const name of missing) secrets[name] = randomBytes(32).toString('base64url')
  if (missing.length > 0) write(file, secrets)
  return Object.fromEntries(names.map((name) => [name, secrets[name]])) as Secrets<Name>
}

function read(file: string): Record<string, string> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
  const secrets = parse(text)
  if (secrets !== undefined) return secrets
  throw new Terminal('SECRETS_UNREADABLE', `${file} is not an object of secrets`, {
    hint: 'restore it; made anew, the services would no longer fit their databases',
  })
}

function parse(text: string): Record<string, string> | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined
    return Object.values(parsed).every((value) => typeof value === 'string' && value !== '') ? { ...parsed } : undefined
  } catch {
    return undefined
  }
}

/** On the disk whole before it has its name. */
function write(file: string, secrets: Record<string, string>): void {
  writeFileSync(`${file}.next`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(`${file}.next`, file)
}
