/** What makes a frame useless before any of its parts is looked at. */
import type { telemetry } from '@pitcrew/contracts'
import type { FrameLimits } from './frame-limits.ts'
import { quote, refusal, type FrameRefusalCode } from './refusal.ts'

const vehicleIdPattern = /^[A-Za-z0-9._-]{1,64}$/

export const isVehicleId = (text: string): boolean => vehicleIdPattern.test(text)

export function refusedAsWhole(
  raw: telemetry.RawFrame,
  now: number,
  limits: FrameLimits,
): telemetry.Refusal | undefined {
  const { vehicleId, deviceTimeMs } = raw
  if (vehicleId === '') return whole('MISSING_VEHICLE_ID', 'the frame names no vehicle: expected vehicleId')
  if (!isVehicleId(vehicleId))
    return whole('BAD_VEHICLE_ID', `vehicleId is ${quote(vehicleId)}: expected 1 to 64 of A-Z a-z 0-9 . _ -`)
  if (deviceTimeMs === 0)
    return whole('MISSING_DEVICE_TIME', 'the frame has no device time: expected deviceTimeMs, Unix milliseconds')
  if (!Number.isSafeInteger(deviceTimeMs) || deviceTimeMs < 0)
    return whole('BAD_DEVICE_TIME', `deviceTimeMs is ${deviceTimeMs}: expected Unix time in whole milliseconds`)
  if (deviceTimeMs > now + limits.aheadMs)
    return whole(
      'FUTURE_DATED',
      `device time is ${span(deviceTimeMs - now)} ahead: at most ${span(limits.aheadMs)} is taken`,
    )
  if (deviceTimeMs < now - limits.behindMs)
    return whole('TOO_OLD', `device time is ${span(now - deviceTimeMs)} ago: at most ${span(limits.behindMs)} is taken`)
  return emptyOrTooMuch(raw, limits)
}

function emptyOrTooMuch(raw: telemetry.RawFrame, limits: FrameLimits): telemetry.Refusal | undefined {
  const { readings, dtcs, hasDtcs, obd, can, faults } = raw
  if (readings.length === 0 && !hasDtcs && obd.length === 0 && can.length === 0)
    return whole('EMPTY_FRAME', 'the frame has neither readings nor fault codes: expected at least one of them')
  const codes = Math.max(dtcs.length, faults.length)
  if (readings.length > limits.readings || codes > limits.dtcs)
    return whole(
      'TOO_MANY_READINGS',
      `the frame has ${readings.length} readings and ${codes} fault codes: at most ${limits.readings} and ${limits.dtcs} are taken`,
    )
  if (obd.length > limits.obd || can.length > limits.can)
    return whole(
      'TOO_MANY_READINGS',
      `the frame has ${obd.length} OBD responses and ${can.length} CAN frames: at most ${limits.obd} and ${limits.can} are taken`,
    )
  return undefined
}

const whole = (code: FrameRefusalCode, message: string) => refusal('', code, message)

function span(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`
  return `${Math.round(ms / 3_600_000)} h`
}
