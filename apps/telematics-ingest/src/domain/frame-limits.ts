import { streams } from '@pitcrew/contracts'

/** What a frame may be before it is looked at in detail. */
export interface FrameLimits {
  /** How far a device's clock may run ahead, milliseconds. */
  aheadMs: number
  /** Age beyond which a frame is of no use: the stream would drop it as well, milliseconds. */
  behindMs: number
  readings: number
  dtcs: number
}

export const defaultFrameLimits: FrameLimits = {
  aheadMs: 5 * 60_000,
  behindMs: streams.TELEMETRY.maxAgeMs,
  readings: 500,
  dtcs: 64,
}
