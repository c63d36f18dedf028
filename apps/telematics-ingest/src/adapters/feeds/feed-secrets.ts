/**
 * Credentials of telematics APIs, apart from their addresses:
 * `{ "api.example": { "bearer": "..." }, "https://fleet.example/aemp": { "basic": "user:password" } }`.
 * A key is an API's URL, or its host (with its port, if it names one). The URL goes before the host.
 */
import { readFileSync } from 'node:fs'
import { Terminal } from '@pitcrew/errors'
import { z } from 'zod'
import { basic, type FeedAddress } from './feed-address.ts'

// What HTTP allows in a header: a line break in it would otherwise fail every request, without saying why.
const headerText = z.string().regex(/^[\x20-\x7e]+$/)
const secret = z.union([z.strictObject({ bearer: headerText }), z.strictObject({ basic: z.string().includes(':') })])
const secretsSchema = z.record(z.string(), secret)

export type FeedSecrets = z.infer<typeof secretsSchema>

/** From the setting, or else from the file that is named. Throws Terminal BAD_CONFIG, which repeats nothing of them. */
export function feedSecrets(text: string | undefined, file: string | undefined): FeedSecrets {
  const given = text ?? (file === undefined ? undefined : fileText(file))
  if (given === undefined) return {}
  const bad = (cause: unknown) =>
    new Terminal('BAD_CONFIG', 'TELEMATICS_API_SECRETS: found something else, expected JSON of secrets by host', {
      hint: 'give it as {"api.example": {"bearer": "..."}} or {"api.example": {"basic": "user:password"}}',
      cause,
    })
  let json: unknown
  try {
    json = JSON.parse(given)
  } catch {
    // The cause would quote the text.
    throw bad(undefined)
  }
  const parsed = secretsSchema.safeParse(json)
  if (!parsed.success) throw bad(parsed.error)
  return parsed.data
}

/** The address with the credentials that are kept for it; those in its URL remain when there are none. */
export function withSecret(address: FeedAddress, secrets: FeedSecrets): FeedAddress {
  const own = secrets[address.url] ?? secrets[new URL(address.url).host]
  if (own === undefined) return address
  return { ...address, authorization: 'bearer' in own ? `Bearer ${own.bearer}` : basic(own.basic) }
}

function fileText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Terminal('BAD_CONFIG', `TELEMATICS_API_SECRETS_FILE: found '${file}', which cannot be read`, {
      hint: 'give it a file that this process may read',
      cause,
    })
  }
}
