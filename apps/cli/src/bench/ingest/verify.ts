/** Whether the stream holds every frame of a turn, each once. */
import { events } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { history, type Messaging } from '@pitcrew/messaging'
import { framesOf, type Turn } from './frames.ts'

/** Bytes that a message of the turn takes in the stream: subject, headers and payload. @throws Terminal BENCH_FRAMES_WRONG */
export async function verifyTurn(messaging: Messaging, turn: Turn, since: string): Promise<number> {
  const missing = new Set<string>()
  for (const { vehicleId, deviceTimeMs } of framesOf(turn)) missing.add(`${vehicleId} ${deviceTimeMs}`)
  const prefix = `bench-${turn.name}-`
  let [found, doubled] = [0, 0]
  await history(messaging, events.frameReceived, {
    since,
    last: 1,
    matches({ message: { vehicleId, deviceTimeMs } }) {
      if (!vehicleId.startsWith(prefix)) return false
      found++
      if (!missing.delete(`${vehicleId} ${deviceTimeMs}`)) doubled++
      return false
    },
  })
  if (missing.size === 0 && doubled === 0) return found
  throw new Terminal(
    'BENCH_FRAMES_WRONG',
    `of ${turn.frames} frames of turn ${turn.name}, ${missing.size} are not in the stream and ${doubled} are there twice`,
    { hint: 'a figure without its frames is none: this is a fault of ingest' },
  )
}
