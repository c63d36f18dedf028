/**
 * A device's frame to VSS paths and catalogue units. Invariants:
 * 1. Nothing is thrown, whatever the frame holds.
 * 2. Every reading of an accepted frame is finite and within its signal's plausible range; each path stands once.
 * 3. A reading is in the accepted frame or among the refusals, never in both and never in neither.
 */
import type { telemetry } from '@pitcrew/contracts'
import { checkReading, isFaultCode } from '@pitcrew/signals'
import type { FrameLimits } from './frame-limits.ts'
import { quote, refusal } from './refusal.ts'

export type Normalised =
  | { kind: 'accepted'; frame: telemetry.Frame; refusals: telemetry.Refusal[] }
  | { kind: 'refused'; refusals: telemetry.Refusal[] }

const vehicleIdPattern = /^[A-Za-z0-9._-]{1,64}$/

export function isVehicleId(text: string): boolean {
  return vehicleIdPattern.test(text)
}

/** `now`: the time of receipt, Unix milliseconds. */
export function normaliseFrame(raw: telemetry.RawFrame, now: number, limits: FrameLimits): Normalised {
  const whole = refusedAsWhole(raw, now, limits)
  if (whole) return { kind: 'refused', refusals: [whole] }
  const refusals: telemetry.Refusal[] = []
  const readings = keepReadings(raw.readings, refusals)
  const dtcs = keepDtcs(raw, refusals)
  if (readings.length === 0 && !raw.hasDtcs) return { kind: 'refused', refusals }
  const { vehicleId, deviceTimeMs, hasDtcs } = raw
  return {
    kind: 'accepted',
    frame: { vehicleId, deviceTimeMs, receivedTimeMs: now, readings, dtcs, hasDtcs },
    refusals,
  }
}

function refusedAsWhole(raw: telemetry.RawFrame, now: number, limits: FrameLimits): telemetry.Refusal | undefined {
  const { vehicleId, deviceTimeMs } = raw
  if (vehicleId === '') return refusal('', 'MISSING_VEHICLE_ID', 'the frame names no vehicle: expected vehicleId')
  if (!isVehicleId(vehicleId))
    return refusal('', 'BAD_VEHICLE_ID', `vehicleId is ${quote(vehicleId)}: expected 1 to 64 of A-Z a-z 0-9 . _ -`)
  if (deviceTimeMs === 0)
    return refusal('', 'MISSING_DEVICE_TIME', 'the frame has no device time: expected deviceTimeMs, Unix milliseconds')
  if (!Number.isSafeInteger(deviceTimeMs) || deviceTimeMs < 0)
    return refusal('', 'BAD_DEVICE_TIME', `deviceTimeMs is ${deviceTimeMs}: expected Unix time in whole milliseconds`)
  if (deviceTimeMs > now + limits.aheadMs)
    return refusal(
      '',
      'FUTURE_DATED',
      `device time is ${span(deviceTimeMs - now)} ahead: at most ${span(limits.aheadMs)} is taken`,
    )
  if (deviceTimeMs < now - limits.behindMs)
    return refusal(
      '',
      'TOO_OLD',
      `device time is ${span(now - deviceTimeMs)} ago: at most ${span(limits.behindMs)} is taken`,
    )
  if (raw.readings.length === 0 && !raw.hasDtcs)
    return refusal('', 'EMPTY_FRAME', 'the frame has neither readings nor fault codes: expected at least one of them')
  if (raw.readings.length > limits.readings || raw.dtcs.length > limits.dtcs)
    return refusal(
      '',
      'TOO_MANY_READINGS',
      `the frame has ${raw.readings.length} readings and ${raw.dtcs.length} fault codes: at most ${limits.readings} and ${limits.dtcs} are taken`,
    )
  return undefined
}

function keepReadings(raw: readonly telemetry.RawReading[], refusals: telemetry.Refusal[]): telemetry.Reading[] {
  const kept: telemetry.Reading[] = []
  const seen = new Set<string>()
  for (const { name, value, unit } of raw) {
    const checked = checkReading(name, value, unit)
    if (!checked.ok) {
      refusals.push(refusal(name.slice(0, 128), checked.code, checked.message.slice(0, 512)))
    } else if (seen.has(checked.path)) {
      refusals.push(
        refusal(name, 'DUPLICATE_SIGNAL', `${checked.path} stands in the frame twice: the first one was kept`),
      )
    } else {
      seen.add(checked.path)
      kept.push({ path: checked.path, value: checked.value })
    }
  }
  return kept
}

function keepDtcs(raw: telemetry.RawFrame, refusals: telemetry.Refusal[]): string[] {
  if (!raw.hasDtcs) return []
  const kept = new Set<string>()
  for (const text of raw.dtcs) {
    const code = text.trim().toUpperCase()
    if (isFaultCode(code)) kept.add(code)
    else
      refusals.push(refusal('dtcs', 'BAD_DTC', `fault code is ${quote(text, 16)}: expected SAE J2012 such as "P0217"`))
  }
  return [...kept]
}

function span(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`
  return `${Math.round(ms / 3_600_000)} h`
}
