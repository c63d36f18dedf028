/** Drives taken through the same `watch` that the service runs, and what it raised. */
import { detection } from '@pitcrew/data-analysis'
import type { SignalFrame, VehicleSystem } from '@pitcrew/signals'

const { createVehicleState, watch } = detection

export interface Raised {
  system: VehicleSystem
  urgency: detection.Urgency
  /** Seconds since the first frame. */
  atSeconds: number
  assessment: detection.Assessment
}

export interface Driven {
  /** Of the log's own time, without silences. */
  hours: number
  raised: Raised[]
}

/** A silence says nothing of the vehicle, neither that it was driven. */
const longestStepMs = 60_000

/** `look` is called after every frame whose findings were fused. */
export function drive(
  vehicleId: string,
  frames: Iterable<SignalFrame>,
  look?: (frame: SignalFrame, assessments: readonly detection.Assessment[]) => void,
): Driven {
  const state = createVehicleState(vehicleId)
  const raised: Raised[] = []
  let drivenMs = 0
  let lastMs: number | undefined
  for (const frame of frames) {
    const step = frame.timeMs - (lastMs ?? frame.timeMs)
    if (step <= longestStepMs) drivenMs += step
    lastMs = frame.timeMs
    const { decisions, assessments } = watch(state, frame)
    if (assessments.length > 0) look?.(frame, assessments)
    for (const decision of decisions)
      if (decision.kind === 'raise') raised.push(raisedBy(decision.assessment, frame.timeMs - state.firstMs))
  }
  return { hours: drivenMs / 3_600_000, raised }
}

const raisedBy = (assessment: detection.Assessment, elapsedMs: number): Raised => ({
  system: assessment.system,
  urgency: assessment.urgency,
  atSeconds: elapsedMs / 1_000,
  assessment,
})

/** All drives one after the other as one vehicle's, with a rest between them. */
export function* joined(drives: Iterable<readonly SignalFrame[]>, restMs: number): Generator<SignalFrame> {
  let endMs: number | undefined
  for (const frames of drives) {
    const shift = endMs === undefined ? 0 : endMs + restMs - frames[0]!.timeMs
    for (const frame of frames) yield { ...frame, timeMs: (endMs = frame.timeMs + shift) }
  }
}
