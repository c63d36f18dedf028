import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAccount, createUser, fromSeed, type KeyPair } from '@nats-io/nkeys'
import { Terminal } from '@pitcrew/errors'
import { withFileLock } from './file-lock.ts'

/** What a service proves itself with (`seed`, secret) and what the broker knows it by. */
export interface Identity {
  /** `SU...`: whoever has it is the service. */
  seed: string
  /** `U...` */
  publicKey: string
}

/** What a service signs answers with, about who may connect as a device, and what the broker checks them by. */
export interface Issuer {
  /** `SA...` */
  seed: string
  /** `A...` */
  publicKey: string
}

/**
 * The identities of those names, from `identities.json` in the folder (readable by its owner alone); who has none gets one
 * and keeps it. Safe to call from several processes at once.
 *
 * Throws Terminal IDENTITIES_UNREADABLE when the file is not what was written there: keys are never replaced silently.
 */
export async function ensureIdentities<Name extends string>(
  dir: string,
  names: readonly Name[],
): Promise<Record<Name, Identity>> {
  const seeds = await ensureSeeds(dir, names, createUser)
  const pairs = names.map((name) => [name, keyPair(dir, name, seeds[name], 'U')])
  return Object.fromEntries(pairs) as Record<Name, Identity>
}

/** The one who speaks for the devices; kept with the identities and under the same rules. */
export async function ensureIssuer(dir: string): Promise<Issuer> {
  const name = 'device-issuer'
  const seeds = await ensureSeeds(dir, [name], createAccount)
  return keyPair(dir, name, seeds[name], 'A')
}

const fileIn = (dir: string) => join(dir, 'identities.json')

function ensureSeeds(dir: string, names: readonly string[], create: () => KeyPair): Promise<Record<string, unknown>> {
  const file = fileIn(dir)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  return withFileLock(join(dir, '.identities'), 10_000, async () => {
    const seeds = read(file)
    const without = names.filter((name) => !Object.hasOwn(seeds, name))
    for (const name of without) seeds[name] = decode(create().getSeed())
    if (without.length > 0) write(file, seeds)
    else if (names.length > 0) chmodSync(file, 0o600)
    return seeds
  })
}

function keyPair(dir: string, name: string, seed: unknown, kind: 'U' | 'A'): Identity {
  try {
    const publicKey = fromSeed(new TextEncoder().encode(String(seed))).getPublicKey()
    if (publicKey.startsWith(kind)) return { seed: String(seed), publicKey }
  } catch {
    // reported below, without the seed
  }
  throw unreadable(fileIn(dir), `the seed of ${name} is not ${kind === 'U' ? "a user's" : "an account's"} nkey seed`)
}

function read(file: string): Record<string, unknown> {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw unreadable(file, 'it cannot be read as JSON')
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw unreadable(file, 'it is not an object')
  return content as Record<string, unknown>
}

/** On the disk whole before it has its name: a half-written file would lock every service out. */
function write(file: string, seeds: Record<string, unknown>): void {
  writeFileSync(`${file}.next`, `${JSON.stringify(seeds, null, 2)}\n`, { mode: 0o600, flush: true })
  chmodSync(`${file}.next`, 0o600)
  renameSync(`${file}.next`, file)
}

function unreadable(file: string, why: string): Terminal {
  return new Terminal('IDENTITIES_UNREADABLE', `${file}: ${why}`, {
    hint: 'restore the file, or delete it to give every service a new key',
  })
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
