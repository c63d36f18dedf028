import { alerting, vehicle } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { urgencies, type AlertRule } from '../domain/index.ts'
import type { StandingRule } from '../handlers/alerting/ports.ts'
import { isoTime, systemMessage, systemOf, urgencyMessage } from './vocabulary.ts'

/** Throws Terminal BAD_RULE, BAD_SYSTEM. */
export function readRule(message: alerting.Rule | undefined): AlertRule {
  if (message === undefined) throw bad('it is missing')
  const { ruleId, vehicleId, vehicleModel, system, feature, until, reason } = message
  const untilMs = until === undefined ? undefined : Date.parse(until)
  return {
    ruleId,
    match: {
      vehicleId,
      vehicleModel,
      system: system === vehicle.VehicleSystem.UNSPECIFIED ? '' : systemOf(system),
      feature,
    },
    effect: effectOf(message),
    untilMs,
    reason,
  }
}

function effectOf({ effect, maxUrgency }: alerting.Rule): AlertRule['effect'] {
  switch (effect) {
    case alerting.RuleEffect.IGNORE:
      return { kind: 'ignore' }
    case alerting.RuleEffect.CAP: {
      const urgency = urgencies.find((one) => urgencyMessage(one) === maxUrgency)
      if (urgency === undefined) throw bad('it caps the urgency and does not say at what: expected max_urgency')
      return { kind: 'cap', urgency }
    }
    default:
      throw bad('it has no effect: expected ignore or cap')
  }
}

export function ruleMessage({ rule, subject, putAtMs }: StandingRule): alerting.Rule {
  const { ruleId, match, effect, untilMs, reason } = rule
  return {
    ruleId,
    vehicleId: match.vehicleId,
    vehicleModel: match.vehicleModel,
    system: match.system === '' ? vehicle.VehicleSystem.UNSPECIFIED : systemMessage(match.system),
    feature: match.feature,
    effect: effect.kind === 'ignore' ? alerting.RuleEffect.IGNORE : alerting.RuleEffect.CAP,
    maxUrgency: effect.kind === 'cap' ? urgencyMessage(effect.urgency) : vehicle.Urgency.UNSPECIFIED,
    until: untilMs === undefined ? undefined : isoTime(untilMs),
    reason,
    subject,
    putAt: isoTime(putAtMs),
  }
}

const bad = (why: string) => new Terminal('BAD_RULE', `the rule cannot be put: ${why}`)
