/**
 * Tries quarantined frames again. Invariants:
 * 1. An entry leaves the quarantine, or loses a part, only after that part is acknowledged by the stream.
 * 2. A replay that was cut off is finished by the next one: what it did publish is found in the stream by its identity and
 *    not published again, also when the broker's own window for duplicates is over.
 */
import { events, telemetryPartitions, type telemetry } from '@pitcrew/contracts'
import { history, partitionOf, type Messaging } from '@pitcrew/messaging'
import { frameIdentity } from '../../domain/frame-identity.ts'
import type { FrameLimits } from '../../domain/frame-limits.ts'
import { retry, type Retry } from '../../domain/quarantine/retry.ts'
import type { QuarantineEntry, QuarantineStore } from './ports.ts'

export interface ReplayParts {
  store: QuarantineStore
  messaging: Messaging
  limits: FrameLimits
  now(): number
}

export interface Replayed {
  id: string
  outcome: 'accepted' | 'partly' | 'refused'
  refusals: telemetry.Refusal[]
}

interface Tried extends Retry {
  entry: QuarantineEntry
}

/** Entries at a time: between two of them others get at the database. */
const atOnce = 100
/** How far the clocks of broker and database may be apart. */
const skewMs = 60_000

export async function replayQuarantined(parts: ReplayParts, entries: readonly QuarantineEntry[]): Promise<Replayed[]> {
  const replayed: Replayed[] = []
  for (let from = 0; from < entries.length; from += atOnce)
    replayed.push(...(await replaySome(parts, entries.slice(from, from + atOnce))))
  return replayed
}

async function replaySome({ store, messaging, limits, now }: ReplayParts, entries: readonly QuarantineEntry[]) {
  const tried = entries.map((entry): Tried => ({ entry, ...retry(entry, now(), limits) }))
  const toPublish = tried.filter(({ frame }) => frame !== undefined)
  if (toPublish.length > 0) {
    await store.beginReplay(
      toPublish.map(({ entry }) => entry.id),
      now(),
    )
    const missing = await leaveOut(messaging, toPublish)
    await messaging.publishMany(events.frameReceived, missing.map(publication))
  }
  await store.endReplay(tried.map(({ entry, rest }) => ({ id: entry.id, ...(rest && { rest }) })))
  return tried.map(resultOf)
}

/** Those that a replay which was cut off has published already. */
async function leaveOut(messaging: Messaging, tried: readonly Tried[]): Promise<Tried[]> {
  const missing: Tried[] = []
  for (const one of tried) {
    const { replayingSinceMs } = one.entry
    if (replayingSinceMs === undefined || !(await isStored(messaging, one.frame!, replayingSinceMs))) missing.push(one)
  }
  return missing
}

async function isStored(messaging: Messaging, frame: telemetry.Frame, sinceMs: number): Promise<boolean> {
  const id = frameIdentity(frame)
  const found = await history(messaging, events.frameReceived, {
    key: keyOf(frame),
    since: new Date(sinceMs - skewMs).toISOString(),
    last: 1,
    matches: (delivery) => delivery.id === id,
  })
  return found.length > 0
}

const keyOf = ({ vehicleId }: telemetry.Frame) => [String(partitionOf(vehicleId, telemetryPartitions)), vehicleId]

const publication = ({ frame }: Tried) => ({ key: keyOf(frame!), message: frame!, id: frameIdentity(frame!) })

function resultOf({ entry: { id }, frame, rest }: Tried): Replayed {
  if (rest === undefined) return { id, outcome: 'accepted', refusals: [] }
  return { id, outcome: frame === undefined ? 'refused' : 'partly', refusals: rest.refusals }
}
