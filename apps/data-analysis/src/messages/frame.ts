import type { telemetry } from '@pitcrew/contracts'
import type { SignalFrame } from '@pitcrew/signals'

/** On the hot path: one object for the frame, one for its values. */
export function signalFrameOf({ deviceTimeMs, readings, dtcs, hasDtcs }: telemetry.Frame): SignalFrame {
  const values: Record<string, number> = {}
  for (const { path, value } of readings) values[path] = value
  return hasDtcs ? { timeMs: deviceTimeMs, values, dtcs } : { timeMs: deviceTimeMs, values }
}
