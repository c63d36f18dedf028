/** Drives of vehicles whose coolant overheats, or not, as the frames that ingest would publish. */
import type { telemetry } from '@pitcrew/contracts'
import type { SignalFrame } from '@pitcrew/signals'
import { createVehicleState, watch, type VehicleState } from '../src/domain/index.ts'
import { generatedDrive } from '../src/domain/measurement/generated-drive.ts'

const coolant = 'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature'

/** The generated drive with its coolant rising from minute 12 by 2.5 degrees a minute. */
export function overheating(minutes = 30): SignalFrame[] {
  const frames = generatedDrive(0, minutes)
  return frames.map((frame) => {
    const late = (frame.timeMs - frames[0]!.timeMs) / 60_000 - 12
    if (late < 0) return frame
    return { ...frame, values: { ...frame.values, [coolant]: frame.values[coolant]! + late * 2.5 } }
  })
}

export const healthy = (minutes = 5): SignalFrame[] => generatedDrive(1, minutes)

export const frameMessage = (vehicleId: string, { timeMs, values, dtcs }: SignalFrame): telemetry.Frame => ({
  vehicleId,
  deviceTimeMs: timeMs,
  receivedTimeMs: timeMs,
  readings: Object.entries(values).map(([path, value]) => ({ path, value })),
  dtcs: dtcs ?? [],
  hasDtcs: dtcs !== undefined,
  faults: [],
})

/** What one uninterrupted look at all frames would remember. */
export function stateAfter(vehicleId: string, frames: readonly SignalFrame[]): VehicleState {
  const state = createVehicleState(vehicleId)
  for (const frame of frames) watch(state, frame)
  return JSON.parse(JSON.stringify(state)) as VehicleState
}
