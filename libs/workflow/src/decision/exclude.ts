/** C2: which candidates are out of the question, and why: state, limits, spacing, bounds. */
import { clamp } from './experience.ts'
import type { ExclusionCode } from './decision.ts'
import type { ActionRule, Candidate, Factor, Policy } from './policy.ts'

export interface Exclusion {
  is: 'excluded'
  code: ExclusionCode
  reason: string
  again?: number
}

export function excluded(policy: Policy, candidate: Candidate, state: string, now: number): Exclusion | undefined {
  const { action, barred } = candidate
  if (barred) return { is: 'excluded', ...barred }
  const rule = policy.actions?.[action] ?? policy.actions?.['*']
  return (rule && byRule(rule, candidate, state, now)) ?? byBounds(policy.factors, candidate)
}

function byRule(
  { states, maxAttempts, spacingMs }: ActionRule,
  { action, attempts = 0, lastAt }: Candidate,
  state: string,
  now: number,
): Exclusion | undefined {
  if (states && !states.includes(state)) {
    return exclusion('WRONG_STATE', `${action} is possible in ${states.join(', ')}, not in ${state}`)
  }
  if (maxAttempts !== undefined && attempts >= maxAttempts) {
    return exclusion('ATTEMPTS_SPENT', `tried ${attempts} times, at most ${maxAttempts} are allowed`)
  }
  if (spacingMs !== undefined && lastAt !== undefined && now - lastAt < spacingMs) {
    const reason = `tried ${now - lastAt} ms ago, the next may come ${spacingMs} ms after the last`
    return { ...exclusion('TOO_SOON', reason), again: lastAt + spacingMs }
  }
  return undefined
}

function byBounds(factors: readonly Factor[], candidate: Candidate): Exclusion | undefined {
  for (const factor of factors) {
    const { name, min, max } = factor
    const value = valueOf(factor, candidate)
    if (min !== undefined && value < min)
      return exclusion('OUT_OF_BOUNDS', `${name} is ${round(value)}, expected at least ${min}`)
    if (max !== undefined && value > max)
      return exclusion('OUT_OF_BOUNDS', `${name} is ${round(value)}, expected at most ${max}`)
  }
  return undefined
}

export const valueOf = ({ name, otherwise = 0.5 }: Factor, { factors }: Candidate): number =>
  clamp(factors[name] ?? otherwise)

export const round = (value: number): number => Math.round(value * 1_000) / 1_000

const exclusion = (code: ExclusionCode, reason: string): Exclusion => ({ is: 'excluded', code, reason })
