/**
 * Claims as nats-server takes them: a JWT whose algorithm is "ed25519-nkey", signed with an nkey, version 2
 * (github.com/nats-io/jwt).
 */
import { createHash } from 'node:crypto'
import { nkeys } from '@nats-io/transport-node'
import { Terminal } from '@pitcrew/errors'

export type AccountKey = ReturnType<typeof nkeys.fromSeed>

const header = encode({ typ: 'JWT', alg: 'ed25519-nkey' })

/** Terminal BAD_CONFIG. */
export function accountKey(seed: string): AccountKey {
  try {
    const key = nkeys.fromSeed(new TextEncoder().encode(seed.trim()))
    if (key.getPublicKey().startsWith('A')) return key
  } catch {
    // reported below, without the seed
  }
  throw new Terminal(
    'BAD_CONFIG',
    'the seed of the device issuer is not one of an account; expected "SA" and 56 more',
    {
      hint: 'it is made with the identities of the services',
    },
  )
}

export function signed(key: AccountKey, nowMs: number, claims: Record<string, unknown>): string {
  const body = { iat: Math.floor(nowMs / 1_000), iss: key.getPublicKey(), ...claims }
  const jti = createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 32)
  const text = `${header}.${encode({ ...body, jti })}`
  return `${text}.${Buffer.from(key.sign(new TextEncoder().encode(text))).toString('base64url')}`
}

/** The claims of a token, unchecked: whoever passes it on is trusted. undefined when it is none. */
export function claimsOf(token: string): Record<string, unknown> | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function encode(claims: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify(claims)).toString('base64url')
}
