/**
 * What is to be done with the frames of a batch. The treatments, each with its count:
 *   accepted       published; also `late`, `out of order` and `partial` where that is so
 *   duplicate      the same moment with the same content was accepted before: dropped
 *   refused        nothing of it can be used: to the quarantine
 *   forbidden      of a vehicle that the sender may not speak for: refused, and nothing of it is kept
 */
import type { telemetry } from '@pitcrew/contracts'
import { frameBytes } from './frame-bytes.ts'
import { frameIdentity } from './frame-identity.ts'
import type { FrameLimits } from './frame-limits.ts'
import { normaliseFrame } from './normalise-frame.ts'
import { quarantined, type QuarantineToPublish } from './quarantine/quarantined.ts'
import { quote, refusal } from './refusal.ts'
import type { TracksOfBatch } from './vehicle-tracks.ts'

export interface FrameToPublish {
  message: telemetry.Frame
  /** The message, encoded. */
  bytes: Uint8Array
  id: string
  late: boolean
  outOfOrder: boolean
  partial: boolean
}

/** `quarantinedReadings` counts a refused frame without readings as one. */
export interface SortedBatch {
  frames: FrameToPublish[]
  quarantine: QuarantineToPublish[]
  quarantinedReadings: number
  duplicateFrames: number
  refusedFrames: number
  /** The first of them. */
  refusals: telemetry.Refusal[]
  /** How many there were of each code. */
  reasons: Map<string, number>
}

export interface Sorting {
  now: number
  limits: FrameLimits
  seen(vehicleId: string, identity: string): boolean
  tracks: TracksOfBatch
  /** Whether the sender may speak for that vehicle. */
  maySpeakFor(vehicleId: string): boolean
}

/** How many reasons an answer lists; all of them are in the quarantine. */
const listedRefusals = 100

export function sortBatch(raws: readonly telemetry.RawFrame[], sorting: Sorting): SortedBatch {
  const sorted: SortedBatch = {
    frames: [],
    quarantine: [],
    quarantinedReadings: 0,
    duplicateFrames: 0,
    refusedFrames: 0,
    refusals: [],
    reasons: new Map(),
  }
  const inBatch = new Set<string>()
  for (const raw of raws) {
    if (sorting.maySpeakFor(raw.vehicleId)) sort(sorted, raw, sorting, inBatch)
    else forbid(sorted, raw)
  }
  return sorted
}

function sort(sorted: SortedBatch, raw: telemetry.RawFrame, sorting: Sorting, inBatch: Set<string>): void {
  const { now, limits, seen, tracks } = sorting
  const track = tracks.of(raw.vehicleId)
  const result = normaliseFrame(raw, now, limits, track)
  const partial = result.refusals.length > 0
  if (result.kind === 'refused') {
    sorted.refusedFrames += 1
    return setAside(sorted, raw, result.refusals, now)
  }
  const { frame } = result
  const bytes = frameBytes(frame)
  const id = frameIdentity(frame, bytes)
  if (inBatch.has(id) || seen(raw.vehicleId, id)) {
    sorted.duplicateFrames += 1
    return
  }
  inBatch.add(id)
  const late = now - frame.deviceTimeMs > limits.lateMs
  sorted.frames.push({
    message: frame,
    bytes: bytes.whole,
    id,
    late,
    outOfOrder: frame.deviceTimeMs < track.newestMs,
    partial,
  })
  track.follow(frame)
  if (partial) setAside(sorted, raw, result.refusals, now, frame)
}

function setAside(
  sorted: SortedBatch,
  raw: telemetry.RawFrame,
  refusals: telemetry.Refusal[],
  now: number,
  accepted?: telemetry.Frame,
): void {
  sorted.quarantinedReadings += accepted === undefined ? Math.max(1, raw.readings.length) : refusals.length
  const kept = quarantined(raw, refusals, now, accepted)
  sorted.quarantine.push(kept)
  tell(sorted, kept.message.frame, refusals)
}

function forbid(sorted: SortedBatch, raw: telemetry.RawFrame): void {
  sorted.refusedFrames += 1
  const message = `the device may not speak for vehicle ${quote(raw.vehicleId)}`
  tell(sorted, { ...raw, vehicleId: raw.vehicleId.slice(0, 64).toWellFormed() }, [
    refusal('', 'FORBIDDEN_VEHICLE', message),
  ])
}

function tell(
  { refusals: told, reasons }: SortedBatch,
  frame: telemetry.RawFrame | undefined,
  refusals: telemetry.Refusal[],
): void {
  const where = `${frame?.vehicleId || 'no vehicle'} at ${frame?.deviceTimeMs ?? 0}: `
  for (const entry of refusals) {
    reasons.set(entry.code, (reasons.get(entry.code) ?? 0) + 1)
    if (told.length < listedRefusals) told.push({ ...entry, message: where + entry.message })
  }
}
