import type { telemetry } from '@pitcrew/contracts'
import { frameIdentity, rawFrameIdentity } from './frame-identity.ts'
import type { FrameLimits } from './frame-limits.ts'
import { normaliseFrame } from './normalise-frame.ts'
import { quarantined, quarantineKey } from './quarantine.ts'

export interface FrameToPublish {
  message: telemetry.Frame
  id: string
}

export interface QuarantineToPublish {
  key: string
  message: telemetry.Quarantined
  id: string
}

/** What is to be done with a batch. `quarantinedReadings` counts a refused frame without readings as one. */
export interface SortedBatch {
  frames: FrameToPublish[]
  quarantine: QuarantineToPublish[]
  quarantinedReadings: number
  duplicateFrames: number
  refusals: telemetry.Refusal[]
}

/** How many reasons an answer lists; all of them are in the quarantine. */
const listedRefusals = 100

export function sortBatch(
  raws: readonly telemetry.RawFrame[],
  now: number,
  limits: FrameLimits,
  seen: (vehicleId: string, identity: string) => boolean,
): SortedBatch {
  const sorted: SortedBatch = { frames: [], quarantine: [], quarantinedReadings: 0, duplicateFrames: 0, refusals: [] }
  const inBatch = new Set<string>()
  for (const raw of raws) {
    const result = normaliseFrame(raw, now, limits)
    if (result.kind === 'accepted') {
      const id = frameIdentity(result.frame)
      if (inBatch.has(id) || seen(raw.vehicleId, id)) {
        sorted.duplicateFrames += 1
        continue
      }
      inBatch.add(id)
      sorted.frames.push({ message: result.frame, id })
    }
    if (result.refusals.length > 0) setAside(sorted, raw, result.refusals, now, result.kind === 'refused')
  }
  return sorted
}

function setAside(
  sorted: SortedBatch,
  raw: telemetry.RawFrame,
  refusals: telemetry.Refusal[],
  now: number,
  whole: boolean,
) {
  sorted.quarantinedReadings += whole ? Math.max(1, raw.readings.length) : refusals.length
  const message = quarantined(raw, refusals, now, whole ? 'frame' : 'readings')
  sorted.quarantine.push({ key: quarantineKey(raw), message, id: rawFrameIdentity(raw) })
  const where = `${message.frame?.vehicleId || 'no vehicle'} at ${message.frame?.deviceTimeMs ?? 0}: `
  for (const entry of refusals) {
    if (sorted.refusals.length >= listedRefusals) return
    sorted.refusals.push({ ...entry, message: where + entry.message })
  }
}
