import type { Profile, Scored } from './profile.ts'

/**
 * Sum over i >= 1 of i^-1.5 (Riemann zeta at 1.5). Dividing by it keeps the risk within 0 to 100, and means that findings of
 * score s, however many, never take it past s.
 */
const zeta = 2.612375348685488

/** Findings that a profile keeps for its risk; the 64th weighs 1/512 of the first. */
const findingsKept = 64

/** Below this a finding has decayed to nothing. */
const negligible = 0.5

function decayed({ score, at }: Scored, now: number, halfLifeMs: number): number {
  return score * 0.5 ** (Math.max(0, now - at) / halfLifeMs)
}

/**
 * 0 to 100: the scores of recent findings, halved with each half-life, sorted, sum of score_i / i^1.5, as Elastic Security's
 * entity risk score weighs alerts.
 */
export function riskOf(profile: Pick<Profile, 'findings'>, now: number, halfLifeMs: number): number {
  const scores = profile.findings.map((finding) => decayed(finding, now, halfLifeMs)).sort((x, y) => y - x)
  return scores.reduce((sum, score, index) => sum + score / (index + 1) ** 1.5, 0) / zeta
}

export function withFinding(findings: readonly Scored[], finding: Scored, halfLifeMs: number): Scored[] {
  return [...findings, finding]
    .map((scored) => ({ scored, weight: decayed(scored, finding.at, halfLifeMs) }))
    .filter(({ weight }) => weight >= negligible)
    .sort((x, y) => y.weight - x.weight)
    .slice(0, findingsKept)
    .map(({ scored }) => scored)
}
