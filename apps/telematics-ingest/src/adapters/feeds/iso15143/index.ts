/**
 * A fleet by ISO 15143-3 (AEMP 2.0), in its JSON form. One step reads one page of the snapshot and the fault codes of the
 * machines on it. Invariants:
 * 1. A vehicle's fault codes and values leave in one step, in order of time: what comes late no detector looks at.
 * 2. A step that fails keeps what it has read for the next try of the same cursor, so that a provider which fails now and
 *    then, or limits the rate, is read to the end all the same.
 * 3. Fault codes of the last hour before a round are read again: providers hand in late what machines sent late.
 */
import { toFailure } from '@pitcrew/errors'
import { entryRefusals } from '../../../domain/entry-refusals.ts'
import type { TelematicsFeed } from '../../../handlers/telematics-feed.ts'
import type { FeedClient } from '../feed-client.ts'
import type { KnownVehicles } from '../known-vehicles.ts'
import { valueFrames } from '../value-frames.ts'
import { addOccurrences, readOccurrences, startOfDay } from './fault-codes.ts'
import type { Machine } from './machine.ts'
import { readPage, type Page } from './page.ts'
import { cursorAfter, roundOf, type Round } from './round.ts'
import { addSnapshot, readEntry, type SnapshotEntry } from './snapshot.ts'

export interface Iso15143Options {
  name: string
  client: FeedClient
  vehicles: KnownVehicles
  /** Where a machine's fault codes are, with {make}, {model}, {serial}, {pin}, {id}, {start}, {end} and {page}. */
  faultCodesPath: string
  /** Older values are of no use. */
  maxAgeMs: number
  now: () => number
}

/** What was read under a cursor so far. */
interface Read {
  cursor: string
  round: Round
  snapshot: { page: Page; retryAfterMs: number | undefined } | undefined
  /** By vehicle, as it came. */
  faults: Map<string, FaultSeries>
}

interface FaultSeries {
  entries: unknown[]
  lacks: 'NO_FAULT_SERIES' | 'TOO_MANY_PAGES' | undefined
}

const lateMs = 3_600_000
/** Of one machine in one step: bounds what is in memory. */
const mostFaultPages = 20
const mostFaultEntries = 10_000

export function iso15143Feed(options: Iso15143Options): TelematicsFeed {
  const { name, client, vehicles, now } = options
  let read: Read | undefined

  return {
    name,
    async next(cursor, signal) {
      if (read?.cursor !== cursor)
        read = { cursor, round: roundOf(cursor, now()), snapshot: undefined, faults: new Map() }
      const { round } = read
      const { page, retryAfterMs } = (read.snapshot ??= await readSnapshot(client, round.page, signal))
      const oldestMs = now() - options.maxAgeMs
      const values = valueFrames()
      const refusals = entryRefusals()
      for (const [i, given] of page.entries.entries()) {
        const entry = readEntry(given, `Equipment[${i}]`, refusals)
        if (!entry) continue
        addSnapshot(entry, oldestMs, values, refusals)
        const { entries, lacks } = await faultSeries(read, entry, options, signal)
        if (lacks) refusals.add(lacks, entry.where)
        const occurrences = readOccurrences(entries, `${entry.where}.FaultCode`, refusals)
        addOccurrences(entry.vehicle, occurrences, Math.max(round.sinceMs - lateMs, oldestMs), values)
      }
      const frames = await vehicles.name(values)
      read = undefined
      const more = page.next !== undefined
      return { frames, cursor: cursorAfter(round, page.next), more, refused: refusals.list(), retryAfterMs }
    },
  }
}

async function readSnapshot(client: FeedClient, number: number, signal: AbortSignal) {
  const { json, retryAfterMs } = await client.get(`/Fleet/${number}`, signal)
  return { page: readPage(json, number, ['equipment']), retryAfterMs }
}

async function faultSeries(
  { round, faults }: Read,
  { machine, vehicle }: SnapshotEntry,
  { client, faultCodesPath, maxAgeMs, now }: Iso15143Options,
  signal: AbortSignal,
): Promise<FaultSeries> {
  const known = faults.get(vehicle.id)
  if (known) return known
  const series: FaultSeries = { entries: [], lacks: undefined }
  const fromMs = Math.max(startOfDay(round.sinceMs - lateMs), now() - maxAgeMs)
  // After a long stop all of an unfinished round may be too old to be of use.
  let page = fromMs < round.untilMs ? 1 : undefined
  for (let count = 0; page !== undefined && series.lacks === undefined; count++) {
    const path = pathOf(faultCodesPath, machine, { fromMs, untilMs: round.untilMs, page })
    const answer: Page | undefined = path === undefined ? undefined : await faultPage(client, path, page, signal)
    if (!answer) series.lacks = 'NO_FAULT_SERIES'
    else if (count === mostFaultPages || series.entries.length > mostFaultEntries) series.lacks = 'TOO_MANY_PAGES'
    else series.entries = series.entries.concat(answer.entries)
    page = answer?.next
  }
  faults.set(vehicle.id, series)
  return series
}

/** Undefined when the provider has none for this machine. */
async function faultPage(
  client: FeedClient,
  path: string,
  number: number,
  signal: AbortSignal,
): Promise<Page | undefined> {
  try {
    const { json } = await client.get(path, signal)
    return readPage(json, number, ['faultcode', 'faultcodes'])
  } catch (thrown) {
    if (toFailure(thrown).code === 'FEED_NOT_FOUND') return undefined
    throw thrown
  }
}

/** Undefined when the machine lacks something that the path names. */
function pathOf(
  template: string,
  { make, model, serial, pin, equipmentId: id }: Machine,
  { fromMs, untilMs, page }: { fromMs: number; untilMs: number; page: number },
): string | undefined {
  const window = { start: seconds(fromMs), end: seconds(untilMs), page: String(page) }
  const parts: Record<string, string> = { make, model, serial, pin, id, ...window }
  let whole = true
  const path = template.replace(/\{(\w+)\}/g, (_, part: string) => {
    whole &&= (parts[part] ?? '') !== ''
    return encodeURIComponent(parts[part] ?? '')
  })
  return whole ? path : undefined
}

/** As the standard writes times: UTC, to the second. */
const seconds = (timeMs: number) => `${new Date(timeMs).toISOString().slice(0, 19)}Z`
