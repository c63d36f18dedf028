/**
 * The one secret of this service: 32 bytes in a file of its own, never in the database that it protects.
 * Keys of persons are wrapped by it; the key that signs links is derived from it (HKDF, RFC 5869).
 */
import { createHmac, hkdfSync, randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Database } from '@pitcrew/database'
import { Terminal } from '@pitcrew/errors'

export interface Keys {
  wrapping: Uint8Array
  links: Uint8Array
}

/**
 * Reads the file, or makes it (mode 0600) for a database that has never seen a key.
 * Throws Terminal MASTER_KEY_MISSING or BAD_MASTER_KEY when the database was sealed under a key that this is not.
 */
export async function openKeys(file: string, database: Database): Promise<Keys> {
  const master = await readOrMake(file, database)
  const fingerprint = createHmac('sha256', master).update('pitcrew master key').digest('hex')
  await database.query('insert into engagement.master_key (fingerprint) values ($1) on conflict do nothing', [
    fingerprint,
  ])
  const [known] = await database.query<{ fingerprint: string }>('select fingerprint from engagement.master_key')
  if (known?.fingerprint !== fingerprint) {
    throw new Terminal('BAD_MASTER_KEY', 'the customers in this database were sealed under another master key', {
      hint: 'give ENGAGEMENT_MASTER_KEY_FILE the file that belongs to this database',
    })
  }
  return { wrapping: derive(master, 'pitcrew person keys'), links: derive(master, 'pitcrew links') }
}

async function read(file: string): Promise<Uint8Array | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length === 32) return key
  throw new Terminal('BAD_MASTER_KEY', `the master key file holds ${key.length} bytes, expected 32 in base64`, {
    hint: 'make one with: openssl rand -base64 32',
  })
}

/** Whole or not at all, and never over one that another process made meanwhile. */
async function readOrMake(file: string, database: Database): Promise<Uint8Array> {
  const made = await read(file)
  if (made !== undefined) return made
  const known = await database.query('select 1 from engagement.master_key')
  if (known.length > 0) {
    throw new Terminal(
      'MASTER_KEY_MISSING',
      'the database holds customers, but the file with their master key is gone',
      {
        hint: 'restore the file that ENGAGEMENT_MASTER_KEY_FILE names; without it the customers cannot be read',
      },
    )
  }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  try {
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(draft)
  }
  return readOrMake(file, database)
}

function derive(master: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', master, new Uint8Array(), purpose, 32))
}
