/**
 * How a fault code gets on: pending, confirmed, permanent; whether it comes back after it went, and more and more often.
 *
 * 1. Bounded: `mostProgresses` codes, the one that was silent for longest goes first; plain numbers and words.
 * 2. The same report twice changes nothing.
 * 3. A code that has gone is remembered for `rememberMs`, so that its return is known for one.
 */
import { isFaultCode, type RawFault } from '@pitcrew/signals'

export interface CodeProgress {
  status: RawFault['status']
  lamp: RawFault['lamp']
  /** As the control unit counts; 0 when it does not. */
  occurrences: number
  /** How often the count has risen since it is known here. */
  rises: number
  /** Separate times that it was active or pending. */
  episodes: number
  firstMs: number
  seenMs: number
  /** 0 until it is confirmed. */
  confirmedMs: number
  active: boolean
}

const mostProgresses = 32
const day = 86_400_000
const rememberMs = 90 * day
/** Reports that lie so close together are one episode: a control unit that restarts tells nothing at first. */
const sameEpisodeMs = 600_000

export type Progresses = Record<string, CodeProgress>

/** `faults`: the complete list of now. Advances in place. */
export function trackProgress(progresses: Progresses, faults: readonly RawFault[], timeMs: number): void {
  for (const code in progresses) {
    const known = progresses[code]!
    if (known.active && !faults.some((fault) => fault.code === code)) known.active = false
    if (timeMs - known.seenMs > rememberMs) delete progresses[code]
  }
  for (const fault of faults) if (isFaultCode(fault.code)) take(progresses, fault, timeMs)
}

function take(progresses: Progresses, { code, status, lamp, occurrences }: RawFault, timeMs: number): void {
  const known = progresses[code]
  if (known === undefined) {
    makeRoom(progresses)
    progresses[code] = {
      status,
      lamp,
      occurrences,
      rises: 0,
      episodes: 1,
      firstMs: timeMs,
      seenMs: timeMs,
      confirmedMs: status === 'PENDING' ? 0 : timeMs,
      active: true,
    }
    return
  }
  if (!known.active && timeMs - known.seenMs > sameEpisodeMs) known.episodes++
  if (occurrences > known.occurrences && known.occurrences > 0) known.rises++
  if (known.confirmedMs === 0 && status !== 'PENDING') known.confirmedMs = timeMs
  known.status = status
  known.lamp = lamp
  known.occurrences = Math.max(occurrences, 0)
  known.seenMs = timeMs
  known.active = true
}

function makeRoom(progresses: Progresses): void {
  const codes = Object.keys(progresses)
  if (codes.length < mostProgresses) return
  delete progresses[
    codes.reduce((oldest, code) => (progresses[code]!.seenMs < progresses[oldest]!.seenMs ? code : oldest))
  ]
}
