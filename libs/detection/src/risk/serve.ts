/**
 * A unit's risk as events arrive. Pure: state in, state out.
 * 1. What is served at a moment depends on events up to it alone.
 * 2. A sign fades by Bayes' rule: when hours have passed without the failure, the share of leads that long no longer counts.
 * 3. Of two signs the one that says more now stands; at one time the later one does, which has seen more.
 * 4. A report that arrives late speaks of its own time: it still warns within the horizon, unless the part was replaced since.
 */
import { explain, reasonsAt } from './explain.ts'
import { dayMs, hourMs, isTime, type RiskEvent } from './history.ts'
import { leafAt, probabilityOf } from './leaf.ts'
import type { ComponentRisk, RiskFinding, RiskModel, RiskSign, RiskState } from './model.ts'
import { hazardBetween } from './part-life.ts'
import { own, valueOf } from './senses.ts'
import { remember } from './state.ts'
import { shareLater, timeToFailure } from './time-to-failure.ts'

export interface RiskStep {
  state: RiskState
  /** Alarms that this event is news of, likeliest first. */
  findings: RiskFinding[]
}

/** An event without a time (isTime) changes nothing. Events from the future are the business of who receives them: what comes after one is late. */
export function stepRisk(model: RiskModel, state: RiskState, event: RiskEvent): RiskStep {
  if (!isTime(event.atMs)) return { state, findings: [] }
  const next = remember(model, state, event)
  const nowMs = next.atMs ?? event.atMs
  const isKnown = event.kind === 'codes' && event.codes.some((code) => model.codes.includes(code))
  if (!isKnown) return { state: next, findings: [] }
  const fresh = model.components.flatMap((risk): [string, RiskSign][] => {
    if ((own(next.replaced, risk.component) ?? -Infinity) > event.atMs) return []
    const sign = signOf(model, risk, next, event.atMs)
    const old = own(next.signs, risk.component)
    const stands = old !== undefined && old.atMs !== sign.atMs && faded(old, nowMs) > faded(sign, nowMs)
    return stands ? [] : [[risk.component, sign]]
  })
  const told = { ...next, signs: { ...next.signs, ...Object.fromEntries(fresh) } }
  const names = new Set(fresh.map(([component]) => component))
  return {
    state: told,
    findings: riskAt(model, told, nowMs).filter(({ component, alarm }) => alarm && names.has(component)),
  }
}

/** Every component's risk at a time, likeliest first; a time before the last event counts as that of the event; nothing of what is no time. */
export function riskAt(model: RiskModel, state: RiskState, timeMs: number): RiskFinding[] {
  if (!isTime(timeMs)) return []
  const atMs = Math.max(timeMs, state.atMs ?? timeMs)
  return model.components
    .map((risk) => findingOf(model, risk, state, atMs))
    .sort((a, b) => b.probability - a.probability || (a.component < b.component ? -1 : 1))
}

function signOf(
  model: RiskModel,
  { component, tree, baseRate }: ComponentRisk,
  state: RiskState,
  atMs: number,
): RiskSign {
  const leaf = leafAt(tree, (sense) => valueOf(sense, model, state, component, atMs))
  const { cases, failed, leadHours } = leaf
  const reasons = reasonsAt(model, tree, state, component, atMs)
  return { atMs, probability: probabilityOf(leaf, baseRate), cases, failed, leadHours: [...leadHours], reasons }
}

function faded({ atMs, probability, leadHours }: RiskSign, nowMs: number): number {
  const left = probability * shareLater(leadHours, (nowMs - atMs) / hourMs)
  return left / (left + 1 - probability)
}

function findingOf(model: RiskModel, risk: ComponentRisk, state: RiskState, atMs: number): RiskFinding {
  const { component, life, unannounced } = risk
  const { horizonHours } = model
  const kept = own(state.signs, component)
  const sign = kept !== undefined && atMs - kept.atMs < horizonHours * hourMs ? kept : undefined
  const spoken = sign === undefined ? 0 : faded(sign, atMs)
  const since = own(state.replaced, component)
  const days = since === undefined ? undefined : Math.max(0, atMs - since) / dayMs
  const factor = own(life.factors, state.statics.model) ?? 1
  const hazard = (hours: number): number =>
    days === undefined ? (life.meanRate * hours) / 24 : hazardBetween(life, factor, days, days + hours / 24)
  const silent = 1 - Math.exp(-hazard(horizonHours) * unannounced)
  const probability = Math.min(1, Math.max(0, 1 - (1 - spoken) * (1 - silent)))
  const timeToFailureHours = timeToFailure(spoken, sign === undefined ? undefined : { sign, atMs }, hazard)
  const finding = {
    component,
    atMs,
    probability,
    horizonHours,
    alarm: probability >= model.alarmAt,
    timeToFailureHours,
  }
  const text = explain(component, days, sign, horizonHours)
  return sign === undefined ? { ...finding, text } : { ...finding, sign, text }
}
