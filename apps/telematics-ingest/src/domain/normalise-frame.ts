/**
 * A device's frame to VSS paths and catalogue units. Invariants:
 * 1. Nothing is thrown, whatever the frame holds.
 * 2. Every reading of an accepted frame is finite and within its signal's plausible range; each path stands once.
 * 3. A reading is in the accepted frame or among the refusals, never in both and never in neither. A value that was measured
 *    more than once on the bus stands once; one that the device gives itself stands instead of the bus's.
 */
import type { telemetry } from '@pitcrew/contracts'
import { checkReading, readingsOfRaw, type RawReadings } from '@pitcrew/signals'
import type { FrameLimits } from './frame-limits.ts'
import { keepCodes } from './keep-codes.ts'
import { plainPath, rememberName } from './plain-readings.ts'
import { refusal } from './refusal.ts'
import { refusedAsWhole } from './refuse-whole.ts'
import type { VehicleTrack } from './vehicle-track.ts'

export { isVehicleId } from './refuse-whole.ts'

export type Normalised =
  | { kind: 'accepted'; frame: telemetry.Frame; refusals: telemetry.Refusal[] }
  | { kind: 'refused'; refusals: telemetry.Refusal[] }

const nothingHeard: RawReadings = { readings: [], faults: [], refusals: [], hasDtcs: false }

/** `now`: the time of receipt, Unix milliseconds. `track`: what the vehicle said before; without it no rate is judged. */
export function normaliseFrame(
  raw: telemetry.RawFrame,
  now: number,
  limits: FrameLimits,
  track?: VehicleTrack,
): Normalised {
  const whole = refusedAsWhole(raw, now, limits)
  if (whole) return { kind: 'refused', refusals: [whole] }
  const refusals: telemetry.Refusal[] = []
  const heard = raw.obd.length > 0 || raw.can.length > 0 ? readingsOfRaw(raw) : nothingHeard
  for (const { name, code, message } of heard.refusals) refusals.push(cut(name, code, message))
  const readings = keepReadings(raw, heard, track, refusals)
  const { dtcs, faults } = keepCodes(raw, heard.faults, refusals)
  const hasDtcs = raw.hasDtcs || heard.hasDtcs
  if (readings.length === 0 && !hasDtcs && faults.length === 0) return { kind: 'refused', refusals: orSilent(refusals) }
  const { vehicleId, deviceTimeMs } = raw
  return {
    kind: 'accepted',
    frame: { vehicleId, deviceTimeMs, receivedTimeMs: now, readings, dtcs, hasDtcs, faults },
    refusals,
  }
}

function keepReadings(
  { readings: given, vssVersion, deviceTimeMs }: telemetry.RawFrame,
  heard: RawReadings,
  track: VehicleTrack | undefined,
  refusals: telemetry.Refusal[],
): telemetry.Reading[] {
  const kept: telemetry.Reading[] = []
  const seen = new Set<string>()
  const keep = (name: string, path: string, value: number) => {
    const implausible = track?.implausible(path, value, deviceTimeMs)
    if (implausible === undefined) kept.push({ path, value })
    else refusals.push(cut(name, 'IMPLAUSIBLE_RATE', implausible))
  }
  const once = (name: string, path: string, value: number) => {
    const before = seen.size
    if (seen.add(path).size === before)
      refusals.push(cut(name, 'DUPLICATE_SIGNAL', `${path} stands in the frame twice: the first one was kept`))
    else keep(name, path, value)
  }
  for (const { name, value, unit } of given) {
    const plain = vssVersion === '' ? plainPath(name, value, unit) : undefined
    if (plain !== undefined) {
      once(name, plain, value)
      continue
    }
    const checked = checkReading(name, value, unit, vssVersion)
    if (!checked.ok) refusals.push(cut(name, checked.code, checked.message))
    else {
      rememberName(name, checked.path)
      once(name, checked.path, checked.value)
    }
  }
  for (const { path, value } of heard.readings) if (!seen.has(path)) keep(path, path, value)
  return kept
}

/** A frame of bus traffic that nobody here reads is refused as empty: it holds no piece of its own to blame. */
function orSilent(refusals: telemetry.Refusal[]): telemetry.Refusal[] {
  if (refusals.length > 0) return refusals
  return [refusal('', 'EMPTY_FRAME', 'the bytes from the bus hold no signal and no fault code that is known here')]
}

const cut = (name: string, code: string, message: string): telemetry.Refusal => ({
  name: name.slice(0, 128),
  code,
  message: message.slice(0, 512),
})
