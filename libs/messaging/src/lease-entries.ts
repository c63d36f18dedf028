import { Terminal } from '@pitcrew/errors'
import type { Entry } from './lease-bucket.ts'
import type { Holder, Lease, Member } from './lease-plan.ts'
import { escapeToken, unescapeToken } from './subjects.ts'

export const memberKey = (instance: string): string => `member.${escapeToken(instance)}`
export const partitionKey = (partition: number): string => `partition.${partition}`

/** What stands in the bucket under one group. */
export function parseEntries(entries: readonly Entry[]): { members: Member[]; leases: Lease[] } {
  const members: Member[] = []
  const leases: Lease[] = []
  for (const { key, revision, value } of entries) {
    const [kind, name = ''] = key.split('.')
    if (kind === 'member') {
      const { incarnation, leaving } = value as Pick<Member, 'incarnation' | 'leaving'>
      members.push({ instance: unescapeToken(name), incarnation, leaving, revision })
    } else if (kind === 'partition') {
      const { holder, epoch } = value as { holder: Holder | null; epoch: number }
      leases.push({ partition: Number(name), holder, epoch, revision })
    } else {
      throw new Terminal('BAD_LEASE', `unknown key ${key} among the leases`, {
        hint: 'something else writes to the bucket',
      })
    }
  }
  return { members, leases }
}
