import { hash } from 'node:crypto'
import type { telemetry } from '@pitcrew/contracts'

/**
 * The same moment of the same vehicle with the same content has the same identity, however often it is sent and through
 * whichever door. The time of receipt is no part of it.
 */
export function frameIdentity(frame: telemetry.Frame): string {
  const { vehicleId, deviceTimeMs, readings, hasDtcs, dtcs, faults } = frame
  let content = hasDtcs ? `dtcs ${dtcs.join(' ')}\n` : ''
  for (const { path, value } of readings) content += `${path} ${value}\n`
  for (const { code, status, lamp, occurrences } of faults) content += `${code} ${status} ${lamp} ${occurrences}\n`
  return `${vehicleId}:${deviceTimeMs}:${hash('sha256', content, 'hex').slice(0, 24)}`
}
