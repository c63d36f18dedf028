import type { telemetry } from '@pitcrew/contracts'
import { isVehicleId } from './normalise-frame.ts'

const maxReadings = 500
const maxText = 128

/**
 * What is kept of a refused frame. It is cut to a size and to values that any store takes: a device that sends megabytes
 * of nonsense must not fill the stream with them. Only the refused readings stay when the rest was accepted.
 */
export function quarantined(
  raw: telemetry.RawFrame,
  refusals: telemetry.Refusal[],
  now: number,
  scope: 'frame' | 'readings',
): telemetry.Quarantined {
  const refused = new Set(refusals.map((entry) => entry.name))
  const readings = scope === 'frame' ? raw.readings : raw.readings.filter(({ name }) => refused.has(cut(name)))
  return {
    frame: {
      vehicleId: cut(raw.vehicleId),
      deviceTimeMs: Number.isSafeInteger(raw.deviceTimeMs) ? raw.deviceTimeMs : 0,
      readings: readings
        .slice(0, maxReadings)
        .map(({ name, value, unit }) => ({ name: cut(name), value, unit: cut(unit) })),
      dtcs: raw.dtcs.slice(0, maxReadings).map(cut),
      hasDtcs: raw.hasDtcs,
    },
    refusals: refusals.slice(0, maxReadings),
    receivedTimeMs: now,
  }
}

/** The subject's key: an id that is not one cannot be a key. */
export function quarantineKey(raw: telemetry.RawFrame): string {
  return isVehicleId(raw.vehicleId) ? raw.vehicleId : 'unknown'
}

const cut = (text: string) => text.slice(0, maxText).toWellFormed()
