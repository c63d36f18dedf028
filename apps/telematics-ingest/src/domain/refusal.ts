import type { telemetry } from '@pitcrew/contracts'
import type { RejectionCode } from '@pitcrew/signals'

/** Why a whole frame was refused. */
export type FrameRefusalCode =
  | 'MISSING_VEHICLE_ID'
  | 'BAD_VEHICLE_ID'
  | 'MISSING_DEVICE_TIME'
  | 'BAD_DEVICE_TIME'
  | 'FUTURE_DATED'
  | 'TOO_OLD'
  | 'EMPTY_FRAME'
  | 'TOO_MANY_READINGS'
  | 'FORBIDDEN_VEHICLE'

/** Why a part of a frame was refused while the rest was kept. */
export type PartRefusalCode = RejectionCode | 'DUPLICATE_SIGNAL' | 'BAD_DTC'

export const refusal = (
  name: string,
  code: FrameRefusalCode | PartRefusalCode,
  message: string,
): telemetry.Refusal => ({ name, code, message })

/** A device's own text, cut so that it can stand in a message. */
export function quote(text: string, length = 64): string {
  return JSON.stringify(text.length > length ? `${text.slice(0, length)}...` : text)
}
