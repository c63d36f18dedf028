import { Terminal, toFailure } from '@pitcrew/errors'
import type { Gateway } from '../api/gateway.ts'

/** The id of the one case that it begins, so that a person need not type all of it. Throws Terminal NOT_FOUND, AMBIGUOUS. */
export async function findCase(gateway: Gateway, start: string): Promise<string> {
  try {
    return (await gateway.case(start)).case.caseId
  } catch (error) {
    const failure = toFailure(error)
    if (failure.code !== 'NOT_FOUND') throw failure
    const candidates = (await gateway.cases({ limit: 1000 })).filter(({ caseId }) => caseId.startsWith(start))
    if (candidates.length === 1) return candidates[0]!.caseId
    if (candidates.length === 0) throw failure
    const some = candidates.slice(0, 5).map(({ caseId }) => caseId)
    throw new Terminal('AMBIGUOUS', `${candidates.length} cases begin with "${start}": ${some.join(', ')}`, {
      hint: 'give more of the id',
    })
  }
}
