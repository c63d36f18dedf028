/** F9: types off, by Node's own stripper, so that what runs is what was written, line by line. */
import { stripTypeScriptTypes } from 'node:module'
import { Terminal } from '@pitcrew/errors'

/** @throws Terminal BAD_SYNTAX */
export function stripped(source: string): string {
  try {
    return stripTypeScriptTypes(source, { mode: 'strip' })
  } catch (cause) {
    const [what = ''] = (cause as Error).message.trim().split('\n')
    throw new Terminal('BAD_SYNTAX', `the module is no TypeScript that only needs its types taken off: ${what}`, {
      hint: 'correct the bodies of its functions; enums, namespaces and decorators are not taken',
      cause,
    })
  }
}
