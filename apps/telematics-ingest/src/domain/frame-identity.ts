import { hash } from 'node:crypto'
import type { telemetry } from '@pitcrew/contracts'

/**
 * The same moment of the same vehicle with the same content has the same identity, however often it is sent and through
 * whichever door. The time of receipt is no part of it.
 */
export function frameIdentity(frame: telemetry.Frame): string {
  let content = frame.hasDtcs ? `dtcs ${frame.dtcs.join(' ')}\n` : ''
  for (const { path, value } of frame.readings) content += `${path} ${value}\n`
  return `${frame.vehicleId}:${frame.deviceTimeMs}:${digest(content)}`
}

/** Identity of something quarantined: the same refused frame is kept once. */
export function rawFrameIdentity(frame: telemetry.RawFrame): string {
  let content = `${frame.vehicleId}\n${frame.deviceTimeMs}\n${frame.hasDtcs} ${frame.dtcs.join(' ')}\n`
  for (const { name, value, unit } of frame.readings) content += `${name} ${value} ${unit}\n`
  return `quarantine:${digest(content)}`
}

const digest = (content: string) => hash('sha256', content, 'hex').slice(0, 24)
