/**
 * F8: how each agent does at each capability, against the others that offer it. Of 100 points: 70 for attempts that do not fail, 30
 * for the pace of its peers. A verdict against an agent is given only when chance does not explain it.
 */
import { wilsonLowerBound } from '@pitcrew/workflow'
import { leastSamples, regressionShare } from './baseline.ts'
import { gradeOf, round, type Grade } from './grade.ts'
import { median, rankSumTest } from './statistics.ts'
import { duration, percent, plain } from './wording.ts'

export interface Try {
  agent: string
  capability: string
  workMs: number
  failureCode: string | null
}

export interface AgentQuality {
  agent: string
  capability: string
  attempts: number
  failures: number
  errorRate: number
  /** Lower end of the 95 % interval of its error rate. */
  errorRateAtLeast: number
  /** Of attempts that succeeded, milliseconds; null if none has. */
  medianMs: number | null
  /** All other agents with this capability together. */
  peers: { agents: number; attempts: number; errorRate: number | null; medianMs: number | null }
  /** By code, most frequent first. */
  failureCodes: [code: string, count: number][]
  score: number
  grade: Grade
  verdict: 'sound' | 'too-few' | 'unreliable' | 'slow'
  text: string
}

/** An error rate that is certainly above this is too much even without peers to compare with. */
const tooMany = 0.1
const significant = 0.001

export function agentQualities(tries: readonly Try[]): AgentQuality[] {
  const known = tries.filter(({ agent }) => agent !== '')
  return [...Map.groupBy(known, ({ capability }) => capability)]
    .flatMap(([, all]) => [...Map.groupBy(all, ({ agent }) => agent)].map(([agent, own]) => qualityOf(agent, own, all)))
    .sort((a, b) => a.score - b.score || (a.agent < b.agent ? -1 : 1))
}

function qualityOf(agent: string, own: readonly Try[], all: readonly Try[]): AgentQuality {
  const others = all.filter((one) => one.agent !== agent)
  const [mine, theirs] = [summaryOf(own), summaryOf(others)]
  const pace = mine.medianMs && theirs.medianMs !== null ? Math.min(1, theirs.medianMs / mine.medianMs) : 1
  const score = round(70 * (1 - (mine.errorRate ?? 0)) + 30 * pace)
  const quality = {
    agent,
    capability: own[0]?.capability ?? '',
    attempts: own.length,
    failures: mine.failures,
    errorRate: mine.errorRate ?? 0,
    errorRateAtLeast: wilsonLowerBound(mine.failures, own.length),
    medianMs: mine.medianMs,
    peers: {
      agents: new Set(others.map((one) => one.agent)).size,
      attempts: others.length,
      errorRate: theirs.errorRate,
      medianMs: theirs.medianMs,
    },
    failureCodes: codesOf(own),
    score,
    grade: gradeOf(score),
  }
  const verdict = verdictOf(quality, mine.times, theirs.times)
  return { ...quality, verdict, text: wordsFor(quality, verdict) }
}

function summaryOf(tries: readonly Try[]) {
  const times = tries.flatMap(({ failureCode, workMs }) => (failureCode === null ? [workMs] : []))
  const failures = tries.length - times.length
  return {
    failures,
    errorRate: tries.length > 0 ? failures / tries.length : null,
    medianMs: times.length > 0 ? median(times) : null,
    times,
  }
}

function codesOf(tries: readonly Try[]): [string, number][] {
  const codes = Map.groupBy(
    tries.flatMap(({ failureCode }) => failureCode ?? []),
    (code) => code,
  )
  return [...codes].map(([code, all]): [string, number] => [code, all.length]).sort((a, b) => b[1] - a[1])
}

type Figures = Omit<AgentQuality, 'verdict' | 'text'>

function verdictOf(
  { attempts, errorRateAtLeast, medianMs, peers }: Figures,
  times: readonly number[],
  peerTimes: readonly number[],
): AgentQuality['verdict'] {
  if (attempts < leastSamples) return 'too-few'
  if (errorRateAtLeast > Math.max(tooMany, peers.errorRate ?? 0)) return 'unreliable'
  if (times.length < leastSamples || peerTimes.length < leastSamples) return 'sound'
  const slower = (medianMs ?? 0) > (1 + regressionShare) * (peers.medianMs ?? Infinity)
  return slower && rankSumTest(times, peerTimes) < significant ? 'slow' : 'sound'
}

function wordsFor(figures: Figures, verdict: AgentQuality['verdict']): string {
  const { agent, capability, attempts, errorRate, errorRateAtLeast, medianMs, peers, failureCodes } = figures
  const peerRate = peers.errorRate === null ? '' : `, its peers ${percent(peers.errorRate)}`
  switch (verdict) {
    case 'unreliable':
      return `${agent} fails ${percent(errorRate)} of ${capability} (certainly over ${percent(errorRateAtLeast)}${peerRate}), mostly with ${failureCodes[0]?.[0]}: give its tasks to others until that is mended`
    case 'slow':
      return `${agent} takes ${duration(medianMs ?? 0)} for ${capability}, its peers ${duration(peers.medianMs ?? 0)}: look at its machine and load`
    case 'too-few':
      return `${agent} has made ${plain(attempts, 'attempt')} at ${capability}, expected at least ${leastSamples} to judge it`
    case 'sound':
      return `${agent} does ${capability} as well as can be expected`
  }
}
