/**
 * What becomes of a quarantined frame when it is judged by the catalogue and the limits of today. Invariants:
 * 1. What was accepted with the first judgement is not accepted again.
 * 2. A list of codes is accepted whole or not at all: a part of it would say that the others are gone.
 * 3. Its age is judged as of when it came: a frame does not grow too old by waiting here.
 */
import type { telemetry } from '@pitcrew/contracts'
import type { FrameLimits } from '../frame-limits.ts'
import { normaliseFrame } from '../normalise-frame.ts'
import { acceptedPart, isCodeRefusal, nothingAccepted, quarantined, type AcceptedPart } from './quarantined.ts'

export interface Waiting {
  frame: telemetry.RawFrame
  refusals: telemetry.Refusal[]
  firstSeenMs: number
  accepted: AcceptedPart
}

export interface Retry {
  /** To be published. */
  frame?: telemetry.Frame
  /** What stays; absent when nothing does. */
  rest?: Pick<Waiting, 'frame' | 'refusals' | 'accepted'>
}

export function retry(waiting: Waiting, now: number, limits: FrameLimits): Retry {
  const { frame: raw, accepted } = waiting
  const waited = Math.max(0, now - waiting.firstSeenMs)
  const result = normaliseFrame(raw, now, { ...limits, behindMs: limits.behindMs + waited })
  if (result.kind === 'refused') return { rest: { frame: raw, refusals: result.refusals, accepted } }
  const frame = newPart(result.frame, result.refusals, waiting)
  if (result.refusals.length === 0) return frame ? { frame } : {}
  const taken = frame ? acceptedPart(frame) : nothingAccepted
  const kept = quarantined(raw, result.refusals, now, result.frame).message.frame!
  const rest = {
    frame: kept,
    refusals: result.refusals,
    accepted: { paths: [...new Set([...accepted.paths, ...taken.paths])], codes: accepted.codes || taken.codes },
  }
  return frame ? { frame, rest } : { rest }
}

function newPart(
  frame: telemetry.Frame,
  refusals: telemetry.Refusal[],
  { accepted, refusals: earlier }: Waiting,
): telemetry.Frame | undefined {
  const known = new Set(accepted.paths)
  const readings = frame.readings.filter(({ path }) => !known.has(path))
  const codesAreNew = !accepted.codes || earlier.some(isCodeRefusal)
  const codes = frame.hasDtcs && codesAreNew && !refusals.some(isCodeRefusal)
  if (readings.length === 0 && !codes) return undefined
  return { ...frame, readings, ...(!codes && { hasDtcs: false, dtcs: [], faults: [] }) }
}
