import { hash } from 'node:crypto'
import type { telemetry } from '@pitcrew/contracts'
import { frameBytes } from './frame-bytes.ts'

/**
 * The same moment of the same vehicle with the same content has the same identity, however often it is sent and through
 * whichever door. The time of receipt is no part of it.
 */
export function frameIdentity(
  frame: telemetry.Frame,
  { content }: Pick<ReturnType<typeof frameBytes>, 'content'> = frameBytes(frame),
): string {
  return `${frame.vehicleId}:${frame.deviceTimeMs}:${hash('sha256', content, 'hex').slice(0, 24)}`
}
