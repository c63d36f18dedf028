import { streams } from '@pitcrew/contracts'

/** What a frame may be before it is looked at in detail. */
export interface FrameLimits {
  /** How far a device's clock may run ahead, milliseconds. */
  aheadMs: number
  /** Age beyond which a frame is of no use: the stream would drop it as well, milliseconds. */
  behindMs: number
  /** Age from which an accepted frame counts as late, milliseconds. */
  lateMs: number
  readings: number
  dtcs: number
  /** J1979 responses, and CAN frames. */
  obd: number
  can: number
}

export const defaultFrameLimits: FrameLimits = {
  aheadMs: 5 * 60_000,
  behindMs: streams.TELEMETRY.maxAgeMs,
  lateMs: 60_000,
  readings: 500,
  dtcs: 64,
  obd: 200,
  can: 2_000,
}
