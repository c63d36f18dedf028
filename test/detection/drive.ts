/** Runs whole drives through `watch` and says what was found, and when. Shared by the tests that measure detection. */
import { detection } from '@pitcrew/data-analysis'
import type { SignalFrame, VehicleSystem } from '@pitcrew/signals'

const { createVehicleState, watch } = detection

export interface Raised {
  system: VehicleSystem
  urgency: detection.Urgency
  /** Seconds since the first frame. */
  atSeconds: number
  explanations: string[]
}

export interface Drive {
  hours: number
  raised: Raised[]
}

export function drive(vehicleId: string, frames: Iterable<SignalFrame>): Drive {
  const state = createVehicleState(vehicleId)
  const raised: Raised[] = []
  for (const frame of frames)
    for (const decision of watch(state, frame).decisions)
      if (decision.kind === 'raise')
        raised.push({
          system: decision.assessment.system,
          urgency: decision.assessment.urgency,
          atSeconds: (frame.timeMs - state.firstMs) / 1_000,
          explanations: decision.assessment.evidence.map(({ explanation }) => explanation),
        })
  return { hours: (state.lastMs - state.firstMs) / 3_600_000, raised }
}

/**
 * Seconds until the injected fault has carried the vehicle over its limit for a second and a half where the healthy
 * drive has not; undefined when it never does.
 */
export function limitCrossing(
  healthy: readonly SignalFrame[],
  faulty: readonly SignalFrame[],
  crossed: (values: Record<string, number>) => boolean,
): number | undefined {
  const running = ({ values }: SignalFrame) => (values['Vehicle.Powertrain.CombustionEngine.Speed'] ?? 0) > 400
  let since: number | undefined
  for (const [index, frame] of faulty.entries()) {
    if (!running(frame) || !crossed(frame.values) || crossed(healthy[index]?.values ?? {})) since = undefined
    else if (frame.timeMs - (since ??= frame.timeMs) >= 1_500) return (since - (faulty[0]?.timeMs ?? 0)) / 1_000
  }
  return undefined
}
