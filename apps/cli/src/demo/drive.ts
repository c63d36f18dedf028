/** A simulated vehicle on the road, much faster than life, whose telemetry goes through the platform's own door. */
import { setTimeout as pause } from 'node:timers/promises'
import type { SignalFrame } from '@pitcrew/signals'
import { createSyntheticVehicle, inject } from '@pitcrew/simulator'
import { postFrames } from '../api/ingest.ts'

export interface Drive {
  ingest: string
  vehicleId: string
  /** Name of the fault that develops; undefined for a healthy vehicle. */
  fault: string | undefined
  /** How long it drives if nothing stops it, seconds of the vehicle. */
  seconds: number
  /** Between batches of a minute's frames, milliseconds. */
  pauseMs: number
  /** The driver parks. */
  parked: () => boolean
  onFrames: (accepted: number) => void
  signal: AbortSignal
}

const batchSeconds = 60

/** Resolves with the number of accepted frames when it has parked. The drive ends about now, by the vehicle's own clock. */
export async function drive({
  ingest,
  vehicleId,
  fault,
  seconds,
  pauseMs,
  parked,
  onFrames,
  signal,
}: Drive): Promise<number> {
  const next = createSyntheticVehicle(vehicleId)
  const overlay = fault === undefined ? (frame: SignalFrame) => frame : inject(fault)
  let accepted = 0
  let timeMs = Date.now() - seconds * 1000
  for (let driven = 0; driven < seconds && !parked(); driven += batchSeconds) {
    signal.throwIfAborted()
    const frames = Array.from({ length: batchSeconds }, () => overlay(next((timeMs += 1000))))
    const { acceptedFrames } = await postFrames(ingest, vehicleId, frames, signal)
    accepted += acceptedFrames
    onFrames(accepted)
    await pause(pauseMs, undefined, { signal })
  }
  return accepted
}
