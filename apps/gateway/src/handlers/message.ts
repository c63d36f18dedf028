/** What a caller sent, as a message of the contracts. */
import { Terminal } from '@pitcrew/errors'

interface Codec<T> {
  fromJSON(value: unknown): T
  encode(message: T): unknown
}

/** Throws Terminal BAD_REQUEST for what cannot be one: a name that its enum does not have, a number that does not fit. */
export function messageOf<T>(codec: Codec<T>, value: unknown, what = 'the body'): T {
  try {
    const message = codec.fromJSON(value)
    // Numbers are held against their types only by encoding them.
    codec.encode(message)
    return message
  } catch (cause) {
    const why = Error.isError(cause) ? cause.message : String(cause)
    throw new Terminal('BAD_REQUEST', `${what} is not what was expected: ${why}`, {
      cause,
      hint: '/docs shows what each route takes',
    })
  }
}

/** The value of an enum of the contracts by its name without prefix, in any case. Throws Terminal BAD_REQUEST. */
export function enumOf<T extends string>(name: string, of: Record<string, T>, what: string): T {
  const key = name.toUpperCase()
  const found = Object.hasOwn(of, key) ? of[key] : undefined
  if (found !== undefined) return found
  const [, ...names] = Object.keys(of)
  throw new Terminal('BAD_REQUEST', `there is no ${what} "${name}"`, { hint: `expected one of ${names.join(', ')}` })
}
