import { quarantine } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { listLimit, unary, type RpcService } from '@pitcrew/rpc'
import type { QuarantineEntry, QuarantineFilter, QuarantineStore } from '../../handlers/quarantine/ports.ts'
import type { Replayed } from '../../handlers/quarantine/replay-quarantined.ts'

export interface QuarantineDoor {
  store: QuarantineStore
  replay(entries: readonly QuarantineEntry[]): Promise<Replayed[]>
}

const mostReplayed = 1_000

const outcomes = {
  accepted: quarantine.ReplayOutcome.ACCEPTED,
  partly: quarantine.ReplayOutcome.PARTLY_ACCEPTED,
  refused: quarantine.ReplayOutcome.REFUSED,
} as const

export function quarantineService({ store, replay }: QuarantineDoor): RpcService {
  const implementation: quarantine.QuarantineServiceServer = {
    listQuarantined: unary(async ({ filter, limit }) => ({
      entries: (await store.list(filterOf(filter), listLimit(limit))).map(messageOf),
    })),
    getQuarantined: unary(async ({ entryId }) => {
      const [entry] = await store.find([entryId])
      if (entry) return { entry: messageOf(entry) }
      throw new Terminal('NOT_FOUND', `there is no entry "${entryId}" in the quarantine`, {
        hint: 'it may have been replayed, discarded or dropped by age; list the quarantine to see what is there',
      })
    }),
    replayQuarantined: unary(async ({ entryIds, filter, limit }) => {
      requireOne(entryIds, filter)
      const most = Math.min(mostReplayed, limit || mostReplayed)
      const entries = entryIds.length > 0 ? await store.find(entryIds) : await store.oldest(filterOf(filter), most)
      return { results: [...(await replay(entries)).map(resultOf), ...absent(entryIds, entries)] }
    }),
    discardQuarantined: unary(async ({ entryIds, filter }) => {
      requireOne(entryIds, filter)
      return {
        discarded: entryIds.length > 0 ? await store.discard(entryIds) : await store.discardAll(filterOf(filter)),
      }
    }),
  }
  return { definition: quarantine.QuarantineServiceService, implementation }
}

function requireOne(entryIds: readonly string[], filter: quarantine.QuarantineFilter | undefined): void {
  if (entryIds.length > 0 !== (filter !== undefined) && entryIds.length <= mostReplayed) return
  throw new Terminal('BAD_REQUEST', `expected either entry ids, at most ${mostReplayed}, or a filter`, {
    hint: 'an empty filter means everything',
  })
}

const filterOf = (filter: quarantine.QuarantineFilter | undefined): QuarantineFilter => ({
  vehicleId: filter?.vehicleId ?? '',
  codes: filter?.codes ?? [],
  sinceMs: filter?.sinceMs ?? 0,
})

const messageOf = ({ id, refusals, ...rest }: QuarantineEntry): quarantine.QuarantineEntry => ({
  entryId: id,
  codes: [...new Set(refusals.map(({ code }) => code))],
  refusals,
  vehicleId: rest.vehicleId,
  frame: rest.frame,
  cut: rest.cut,
  count: rest.count,
  firstSeenMs: rest.firstSeenMs,
  lastSeenMs: rest.lastSeenMs,
})

const resultOf = ({ id, outcome, refusals }: Replayed): quarantine.ReplayResult => ({
  entryId: id,
  outcome: outcomes[outcome],
  refusals,
})

function absent(ids: readonly string[], found: readonly QuarantineEntry[]): quarantine.ReplayResult[] {
  const there = new Set(found.map(({ id }) => id))
  const missing = ids.filter((id) => !there.has(id))
  return missing.map((entryId) => ({ entryId, outcome: quarantine.ReplayOutcome.ABSENT, refusals: [] }))
}
