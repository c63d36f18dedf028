/**
 * One activity against what is known, in the order in which they come.
 * 1. It is judged before it is learned.
 * 2. An operation outside the manifest is never learned: it cannot become usual by being repeated.
 * 3. Everything it remembers is in the three states, which it changes in place; the same activities give the same states.
 */
import type { agent } from '@pitcrew/contracts'
import { outcomeOf } from './audit-record.ts'
import { bursts, firstSeen, large, outsideManifest, rate, slow } from './detectors.ts'
import { emptyEstimate, learn } from './estimate.ts'
import { isAllowed, type Manifest } from './manifest.ts'
import type { Baseline, Minute, Platform, Profile } from './profile.ts'
import { isNews, type Suspicion } from './suspicion.ts'

export interface Known {
  profile: Profile
  baseline: Baseline
  platform: Platform
}

const minuteMs = 60_000
const outcomesKept = 256

/** `at`: time of the message, ms, not in the future. Gives what is worth a finding. */
export function observe(known: Known, activity: agent.Activity, manifest: Manifest, at: number): Suspicion[] {
  const { profile, baseline, platform } = known
  tick(profile, platform, at)
  remember(profile, activity, at)
  if (!isAllowed(manifest, activity.service, activity.operation)) {
    return [outsideManifest(activity), ...bursts(profile, baseline, activity)].filter((suspicion) =>
      isNews(profile, suspicion, at),
    )
  }
  const suspicions = [
    ...firstSeen(profile, baseline),
    ...rate(profile, platform),
    ...slow(profile, baseline, activity),
    ...large(profile, baseline, activity),
    ...bursts(profile, baseline, activity),
  ]
  learnFrom(baseline, activity)
  return suspicions.filter((suspicion) => isNews(profile, suspicion, at))
}

function tick(profile: Profile, platform: Platform, at: number): void {
  const start = Math.floor(at / minuteMs) * minuteMs
  for (const counted of [profile, platform]) {
    const { minute } = counted
    if (start <= minute.start) {
      minute.count += 1
      continue
    }
    if (minute.count > 0) counted.rate = learn(counted.rate, minute.count)
    counted.minute = { start, count: 1 } satisfies Minute
  }
}

function remember(profile: Profile, activity: agent.Activity, at: number): void {
  const outcome = outcomeOf(activity.outcome)
  profile.version = activity.version
  profile.activities += 1
  if (outcome !== 'success') profile.failures += 1
  profile.lastSeen = Math.max(profile.lastSeen, at)
  profile.outcomes = [...profile.outcomes, { at, outcome }]
    .filter((past) => past.at > at - minuteMs)
    .slice(-outcomesKept)
}

function learnFrom(baseline: Baseline, activity: agent.Activity): void {
  const { operation, durationUs, requestBytes, responseBytes } = activity
  baseline.activities += 1
  baseline.latency[operation] = learn(baseline.latency[operation] ?? emptyEstimate(), durationUs)
  baseline.bytes[operation] = learn(baseline.bytes[operation] ?? emptyEstimate(), requestBytes + responseBytes)
  const failed = outcomeOf(activity.outcome) === 'failure' ? 1 : 0
  baseline.failureShare += (failed - baseline.failureShare) * 0.01
}
