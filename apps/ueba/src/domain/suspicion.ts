import { ueba } from '@pitcrew/contracts'
import type { Profile } from './profile.ts'

export type Rule =
  'outside-manifest' | 'rate' | 'latency' | 'bytes' | 'failure-burst' | 'denial-burst' | 'first-seen' | 'block-withheld'

/** Something a detector noticed. It becomes a finding unless the same was said a moment ago. */
export interface Suspicion {
  rule: Rule
  /** Tells apart what one rule says of different operations. */
  about: string
  /** How bad it is by now, growing while it lasts; undefined: the number of times it was noticed. */
  level?: number
  /** How long the same counts as one matter, ms. */
  windowMs: number
  /** 0 to 100. */
  score: number
  explanation: string
  observed: number
  expected: number
}

/** Matters that a profile remembers having spoken of. */
const matters = 64

/**
 * Whether to speak of it. One matter is one finding, and another each time that its level has doubled: a flood of
 * violations gives a few findings, each worse than the last, instead of a flood of findings.
 */
export function isNews(profile: Profile, suspicion: Suspicion, at: number): boolean {
  const key = `${suspicion.rule} ${suspicion.about}`
  const known = profile.suspected[key]
  const fresh = known === undefined || at - known.since > suspicion.windowMs
  const times = fresh ? 1 : known.times + 1
  const level = suspicion.level ?? times
  const news = fresh || level >= known.next
  profile.suspected[key] = { since: fresh ? at : known.since, times, next: news ? level * 2 : known.next }
  forget(profile)
  return news
}

function forget(profile: Profile): void {
  const keys = Object.keys(profile.suspected)
  if (keys.length <= matters) return
  const oldest = keys.reduce((x, y) => (profile.suspected[x]!.since <= profile.suspected[y]!.since ? x : y))
  delete profile.suspected[oldest]
}

export function severityOf(score: number): ueba.Severity {
  if (score >= 90) return ueba.Severity.CRITICAL
  if (score >= 50) return ueba.Severity.HIGH
  if (score >= 20) return ueba.Severity.MEDIUM
  return ueba.Severity.LOW
}
