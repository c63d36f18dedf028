/**
 * What counts as unusual. Scores say how far a rule may go alone: the risk of one rule, however often it speaks, stays
 * below its greatest score (risk.ts), so a rule with an innocent explanation (a slow disk, a failing third party) scores
 * below the blocking threshold and can only add to others.
 */
import type { agent } from '@pitcrew/contracts'
import { outcomeOf } from './audit-record.ts'
import { deviations, isWarm, usual, type Estimate } from './estimate.ts'
import type { Baseline, Platform, Profile } from './profile.ts'
import type { Suspicion } from './suspicion.ts'

const minuteMs = 60_000

export function outsideManifest({ operation, service }: agent.Activity): Suspicion {
  return {
    rule: 'outside-manifest',
    about: operation,
    windowMs: 60 * minuteMs,
    score: 80,
    explanation: `${service} has no business with "${operation}": neither a capability, an event nor an RPC of its contract`,
    observed: 1,
    expected: 0,
  }
}

export function firstSeen(profile: Profile, baseline: Baseline): Suspicion[] {
  const established = 200
  if (profile.activities > 1 || baseline.activities < established) return []
  return [
    {
      rule: 'first-seen',
      about: '',
      windowMs: 24 * 60 * minuteMs,
      score: 10,
      explanation: `first activity of this agent, in a service known for ${baseline.activities} activities`,
      observed: 1,
      expected: 0,
    },
  ]
}

/** Activities this minute against the agent's usual minute, scaled by the load that all others feel at the same time. */
export function rate(profile: Profile, platform: Platform): Suspicion[] {
  const { count, start } = profile.minute
  const least = 60
  if (count < least || !isWarm(profile.rate)) return []
  const othersNow = platform.minute.start === start ? platform.minute.count - count : 0
  const othersUsually = isWarm(platform.rate) ? Math.max(0, usual(platform.rate) - usual(profile.rate)) : 0
  const load = Math.max(1, (othersNow + 1) / (othersUsually + 1))
  const expected = usual(profile.rate) * load
  const times = count / Math.max(1, expected)
  if (times < 5 || deviations(profile.rate, count, expected) < 6) return []
  return [
    {
      rule: 'rate',
      about: '',
      level: count,
      windowMs: minuteMs,
      score: magnitude(times / 5, 25, 80),
      explanation: `${count} activities in one minute, ${times.toFixed(1)} times what is usual at this load`,
      observed: count,
      expected,
    },
  ]
}

export function slow(profile: Profile, baseline: Baseline, { operation, durationUs }: agent.Activity): Suspicion[] {
  const streak = unusualInARow(profile, `latency ${operation}`, baseline.latency[operation], durationUs)
  if (streak === undefined || streak.length < 5) return []
  return [
    {
      rule: 'latency',
      about: operation,
      level: streak.length,
      windowMs: 60 * minuteMs,
      score: magnitude(streak.times / 3, 15, 30),
      explanation: `${operation} took ${streak.times.toFixed(1)} times as long as usual for the service, ${streak.length} times in a row`,
      observed: durationUs,
      expected: streak.expected,
    },
  ]
}

export function large(profile: Profile, baseline: Baseline, activity: agent.Activity): Suspicion[] {
  const { operation } = activity
  const bytes = activity.requestBytes + activity.responseBytes
  const streak = unusualInARow(profile, `bytes ${operation}`, baseline.bytes[operation], bytes)
  if (streak === undefined || streak.length < 3) return []
  return [
    {
      rule: 'bytes',
      about: operation,
      level: streak.length,
      windowMs: 60 * minuteMs,
      score: magnitude(streak.times / 3, 25, 70),
      explanation: `${operation} moved ${streak.times.toFixed(1)} times as many bytes as usual for the service, ${streak.length} times in a row`,
      observed: bytes,
      expected: streak.expected,
    },
  ]
}

/** Failures and denials of the last minute. */
export function bursts(profile: Profile, baseline: Baseline, activity: agent.Activity): Suspicion[] {
  const count = (outcome: string) => profile.outcomes.filter((past) => past.outcome === outcome).length
  const outcome = outcomeOf(activity.outcome)
  const failures = count('failure')
  const denials = count('denied')
  const share = failures / profile.outcomes.length
  const found: Suspicion[] = []
  if (outcome === 'failure' && failures >= 10 && share >= 0.5 && share >= 5 * baseline.failureShare) {
    found.push({
      rule: 'failure-burst',
      about: '',
      level: failures,
      windowMs: 10 * minuteMs,
      score: 25,
      explanation: `${failures} of ${profile.outcomes.length} activities failed within a minute, the last one with ${activity.code || 'no code'}`,
      observed: share,
      expected: baseline.failureShare,
    })
  }
  if (outcome === 'denied' && denials >= 5) {
    found.push({
      rule: 'denial-burst',
      about: '',
      level: denials,
      windowMs: minuteMs,
      score: 75,
      explanation: `refused ${denials} times within a minute, the last time with ${activity.code || 'no code'}`,
      observed: denials,
      expected: 0,
    })
  }
  return found
}

/** Length of the run of values that are both far out and at least three times the usual; undefined: not in one. */
function unusualInARow(profile: Profile, key: string, estimate: Estimate | undefined, value: number) {
  if (estimate === undefined || !isWarm(estimate)) return undefined
  const expected = usual(estimate)
  const times = value / Math.max(1, expected)
  if (times < 3 || deviations(estimate, value) < 6) {
    delete profile.streaks[key]
    return undefined
  }
  const length = (profile.streaks[key] ?? 0) + 1
  profile.streaks[key] = length
  return { length, times, expected }
}

/** 12 more for each doubling, from `least` to `most`. */
function magnitude(times: number, least: number, most: number): number {
  return Math.min(most, least + 12 * Math.log2(Math.max(1, times)))
}
