/** What people decided that alerts are not to tell, or not so loudly. Pure: who is asked gives the rules that are in force. */
import { Terminal } from '@pitcrew/errors'
import type { VehicleSystem } from '@pitcrew/signals'
import type { Assessment } from '../assess.ts'
import type { Finding } from '../finding.ts'
import { moreUrgent, type Urgency } from '../urgency.ts'

/** What is empty matches everything. */
export interface RuleMatch {
  vehicleId: string
  vehicleModel: string
  system: VehicleSystem | ''
  /** A fault code or a monitor's name. */
  feature: string
}

export interface AlertRule {
  ruleId: string
  match: RuleMatch
  effect: { kind: 'ignore' } | { kind: 'cap'; urgency: Urgency }
  /** Unix milliseconds; undefined until it is ended. */
  untilMs: number | undefined
  reason: string
}

const rulePattern = /^[A-Za-z0-9._-]{1,64}$/

/** Throws Terminal BAD_RULE. */
export function checkRule(rule: AlertRule, nowMs: number): AlertRule {
  const { ruleId, match, untilMs, reason } = rule
  if (!rulePattern.test(ruleId)) throw bad(`its id is ${JSON.stringify(ruleId)}: expected 1 to 64 of A-Z a-z 0-9 . _ -`)
  if (Object.values(match).every((part) => part === ''))
    throw bad('it matches everything: expected a vehicle, a model, a system or evidence')
  if (reason.trim() === '') throw bad('it has no reason: expected why, for whoever meets it later')
  if (untilMs !== undefined && !(untilMs > nowMs)) throw bad('it would have ended already: expected a time to come')
  return rule
}

const bad = (why: string) =>
  new Terminal('BAD_RULE', `the rule cannot be put: ${why}`, { hint: './pitcrew alerts ignore --help' })

/** Those that can concern the vehicle. */
export function rulesFor(rules: readonly AlertRule[], vehicleId: string, vehicleModel: string): AlertRule[] {
  return rules.filter(
    ({ match }) =>
      (match.vehicleId === '' || match.vehicleId === vehicleId) &&
      (match.vehicleModel === '' || match.vehicleModel === vehicleModel),
  )
}

const matches = ({ match }: AlertRule, { system, feature }: Pick<Finding, 'system' | 'feature'>) =>
  (match.system === '' || match.system === system) && (match.feature === '' || match.feature === feature)

/** The evidence that counts; the very list when no rule speaks against any of it. */
export function admitted(findings: Finding[], rules: readonly AlertRule[]): Finding[] {
  if (rules.length === 0 || findings.length === 0) return findings
  const ignoring = rules.filter(({ effect }) => effect.kind === 'ignore')
  const left = findings.filter((finding) => !ignoring.some((rule) => matches(rule, finding)))
  return left.length === findings.length ? findings : left
}

/** The assessment, no more urgent than the rules allow. */
export function capped(assessment: Assessment, rules: readonly AlertRule[]): Assessment {
  let { urgency } = assessment
  for (const rule of rules)
    if (
      rule.effect.kind === 'cap' &&
      moreUrgent(urgency, rule.effect.urgency) &&
      assessment.evidence.some((finding) => matches(rule, finding))
    )
      urgency = rule.effect.urgency
  return urgency === assessment.urgency ? assessment : { ...assessment, urgency }
}
