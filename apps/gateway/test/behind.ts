/** What stands behind a gateway in its tests, and who asks it. */
import { createHash } from 'node:crypto'
import { Terminal } from '@pitcrew/errors'
import { unary, type RpcService } from '@pitcrew/rpc'
import { ApiKeys } from '../src/domain/api-keys.ts'
import { roles } from '../src/domain/roles.ts'

/** A method that a test does not reach. */
const unasked = unary(async () => {
  throw new Terminal('UNEXPECTED', 'no test asks for this')
})

export const withUnasked = (definition: RpcService['definition'], methods: object): RpcService => ({
  definition,
  implementation: { ...Object.fromEntries(Object.keys(definition).map((name) => [name, unasked])), ...methods },
})

const keyOf = (role: string) => ({
  subject: `${role}-1`,
  role,
  sha256: createHash('sha256').update(`key-${role}`).digest('hex'),
})

/** The key of each role is `key-<role>`, its subject `<role>-1`. */
export const keys = ApiKeys.parse(JSON.stringify(roles.map(keyOf)), 'keys.json')
