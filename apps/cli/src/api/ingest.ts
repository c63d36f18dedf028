/** The telemetry door: POST /v1/telemetry of telematics-ingest. */
import { setTimeout as pause } from 'node:timers/promises'
import { telemetry } from '@pitcrew/contracts'
import { toFailure } from '@pitcrew/errors'
import type { CanFrame, RawFault, SignalFrame } from '@pitcrew/signals'
import { askJson } from './http.ts'

/** How long a door that is full or away is tried again. */
const patienceMs = 30_000

/** What a device sends of one moment: values in the catalogue's units, and what it heard on the bus as it was. */
export interface DeviceFrame extends SignalFrame {
  /** J1979 responses. */
  obd?: readonly Uint8Array[]
  can?: readonly CanFrame[]
}

/**
 * One batch of a vehicle, as the device that PITCREW_DEVICE names (`<device id>.<key>`) where that is set; resolves when it is
 * durable. Sent again it would count as duplicates, so a retry is safe.
 */
export async function postFrames(
  ingestUrl: string,
  vehicleId: string,
  frames: readonly DeviceFrame[],
  signal?: AbortSignal,
): Promise<telemetry.PublishResponse> {
  const body = { frames: frames.map((frame) => telemetry.RawFrame.toJSON(rawFrame(vehicleId, frame))) }
  const deadline = Date.now() + patienceMs
  for (let waitMs = 100; ; waitMs = Math.min(2 * waitMs, 3_000)) {
    try {
      const token = process.env.PITCREW_DEVICE || undefined
      const answer = await askJson(`${ingestUrl}/v1/telemetry`, { method: 'POST', body, signal, token })
      return telemetry.PublishResponse.fromJSON(answer)
    } catch (error) {
      const failure = toFailure(error)
      if (failure.kind !== 'retryable' || Date.now() + waitMs > deadline) throw failure
      await pause(waitMs, undefined, { signal })
    }
  }
}

function rawFrame(vehicleId: string, frame: DeviceFrame): telemetry.RawFrame {
  const { timeMs, values, dtcs, obd = [], can = [], faults = [] } = frame
  return {
    ...telemetry.RawFrame.create(),
    vehicleId,
    deviceTimeMs: timeMs,
    readings: Object.entries(values).map(([name, value]) => ({ name, value, unit: '' })),
    dtcs: dtcs ?? [],
    hasDtcs: dtcs !== undefined,
    obd: obd.map((bytes) => Buffer.from(bytes)),
    can: can.map(({ id, extended, data }) => ({ id, extended, data: Buffer.from(data) })),
    faults: faults.map(reportOf),
  }
}

const { FaultLamp, FaultStatus } = telemetry
const lamps = { ...FaultLamp, NONE: FaultLamp.UNSPECIFIED }

const reportOf = ({ code, status, lamp, occurrences }: RawFault): telemetry.FaultReport => ({
  ...{ code, occurrences },
  status: FaultStatus[status],
  lamp: lamps[lamp],
})
