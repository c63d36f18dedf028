/**
 * The matching rule.
 * 1. An alarm names a machine and a component at the time t of a code. Within `refractory` hours after a counted alarm, another
 *    of the same machine and component is not counted.
 * 2. It is right when that component of that machine fails in [t + `leastLead`, t + `horizon`]; otherwise it is false.
 * 3. A failure is found when at least one counted alarm is right about it.
 * 4. All failures count, also those of the first hours of the record, before which nothing could be seen.
 * 5. An alarm whose horizon reaches past the end of the record has no known outcome and is left out unless the failure was seen.
 */

export const hourMs = 3_600_000

export interface Rule {
  horizonHours: number
  leastLeadHours: number
  refractoryHours: number
}

export interface Point {
  unit: string
  component: string
  atMs: number
}

export interface Alarm extends Point {
  timeToFailureHours: { low: number; high: number }
}

export interface Score {
  failures: number
  found: number
  alarms: number
  right: number
  undecided: number
  /** From each failure's first counted right alarm. */
  leadHours: number[]
  /** Of right alarms: whose failure lay within their interval. */
  inInterval: number
}

/** `window`: of the record; failures are counted from `countFromMs` on. */
export function score(
  alarms: readonly Alarm[],
  failures: readonly Point[],
  rule: Rule,
  window: { countFromMs: number; toMs: number },
): Score {
  const failed = Map.groupBy(failures, keyOf)
  const leads = new Map<Point, number>()
  const result = { alarms: 0, right: 0, undecided: 0, inInterval: 0 }
  for (const alarm of counted(alarms, rule.refractoryHours)) {
    const met = (failed.get(keyOf(alarm)) ?? []).find((failure) => isRight(alarm, failure, rule))
    if (met === undefined) {
      if (alarm.atMs + rule.horizonHours * hourMs > window.toMs) result.undecided += 1
      else result.alarms += 1
      continue
    }
    const lead = leadOf(alarm, met)
    result.alarms += 1
    result.right += 1
    if (lead >= alarm.timeToFailureHours.low && lead <= alarm.timeToFailureHours.high) result.inInterval += 1
    leads.set(met, Math.max(lead, leads.get(met) ?? 0))
  }
  const inWindow = failures.filter(({ atMs }) => atMs >= window.countFromMs)
  const leadHours = inWindow.flatMap((failure) => leads.get(failure) ?? [])
  return { ...result, failures: inWindow.length, found: leadHours.length, leadHours }
}

const keyOf = ({ unit, component }: Point): string => `${unit}/${component}`

const leadOf = (alarm: Point, failure: Point): number => (failure.atMs - alarm.atMs) / hourMs

function isRight(alarm: Point, failure: Point, { horizonHours, leastLeadHours }: Rule): boolean {
  const lead = leadOf(alarm, failure)
  return lead >= leastLeadHours && lead <= horizonHours
}

function counted(alarms: readonly Alarm[], refractoryHours: number): Alarm[] {
  const last = new Map<string, number>()
  return [...alarms]
    .sort((a, b) => a.atMs - b.atMs)
    .filter((alarm) => {
      const key = keyOf(alarm)
      if (alarm.atMs < (last.get(key) ?? -Infinity) + refractoryHours * hourMs) return false
      last.set(key, alarm.atMs)
      return true
    })
}
