import { createHash } from 'node:crypto'
import { Terminal } from '@pitcrew/errors'
import { z } from 'zod'
import { includes, roles, type Caller, type Role } from './roles.ts'

const keyFile = z.array(
  z.object({ subject: z.string().min(1), role: z.enum(roles), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
)

/** Knows the callers by the SHA-256 of their keys; the keys themselves are kept nowhere. */
export class ApiKeys {
  readonly #callers: Map<string, Caller>

  constructor(callers: Map<string, Caller>) {
    this.#callers = callers
  }

  /** @throws Terminal BAD_CONFIG */
  static parse(json: string, file: string): ApiKeys {
    const parsed = keyFile.safeParse(parseJson(json, file))
    if (!parsed.success) {
      throw new Terminal('BAD_CONFIG', `${file}: ${z.prettifyError(parsed.error)}`, {
        hint: 'expected [{ "subject": "…", "role": "viewer|operator|approver|admin", "sha256": "hex of the key’s SHA-256" }]',
      })
    }
    return new ApiKeys(new Map(parsed.data.map(({ sha256, subject, role }) => [sha256, { subject, role }])))
  }

  /** @throws Terminal UNAUTHENTICATED */
  caller(authorization: string | undefined): Caller {
    const key = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1]
    // Looking up a digest tells an attacker nothing about the key by its timing.
    const caller = key && this.#callers.get(createHash('sha256').update(key).digest('hex'))
    if (caller) return caller
    throw new Terminal('UNAUTHENTICATED', key ? 'the API key is not known' : 'no API key was given', {
      hint: 'send "Authorization: Bearer <key>"',
    })
  }
}

/** @throws Terminal FORBIDDEN */
export function requireRole(caller: Caller, needed: Role): void {
  if (includes(caller.role, needed)) return
  throw new Terminal('FORBIDDEN', `this takes the role ${needed}; ${caller.subject} has ${caller.role}`)
}

function parseJson(json: string, file: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new Terminal('BAD_CONFIG', `${file} is not JSON: ${(error as Error).message}`, { cause: error })
  }
}
