/** Plans and what is due between the domain and the contracts. */
import { maintenance, vehicle } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { usualNotice, type Done, type Measure, type Plan, type Standing } from '../domain/planned-maintenance/index.ts'
import type { StandingPlan } from '../handlers/planned-maintenance/ports.ts'
import type { PlanOfVehicle } from '../handlers/planned-maintenance/standings.ts'
import { isoTime, systemMessage, systemOf } from './vocabulary.ts'

/** Throws Terminal BAD_PLAN, BAD_SYSTEM. */
export function readPlan(message: maintenance.Plan | undefined): Plan {
  if (message === undefined) throw new Terminal('BAD_PLAN', 'the plan cannot be put: it is missing')
  const { everyKm, everyEngineHours, everyMonths, noticeShare, noticeKm, noticeDays } = message
  const { planId, what, vehicleId, vehicleModel, component, parts, labourHours, reason } = message
  if (message.system === vehicle.VehicleSystem.UNSPECIFIED)
    throw new Terminal('BAD_PLAN', 'the plan cannot be put: expected the system that it is about')
  return {
    planId,
    what,
    vehicleId,
    vehicleModel,
    every: {
      ...(everyKm !== 0 && { km: everyKm }),
      ...(everyEngineHours !== 0 && { engineHours: everyEngineHours }),
      ...(everyMonths !== 0 && { months: everyMonths }),
    },
    notice: {
      share: noticeShare === 0 ? usualNotice : noticeShare,
      ...(noticeKm !== 0 && { km: noticeKm }),
      ...(noticeDays !== 0 && { days: noticeDays }),
    },
    system: systemOf(message.system),
    component,
    parts,
    labourHours,
    reason,
  }
}

export function planMessage({ plan, subject, putAtMs }: StandingPlan): maintenance.Plan {
  const { every, notice, system, parts, ...rest } = plan
  return {
    ...rest,
    parts: [...parts],
    everyKm: every.km ?? 0,
    everyEngineHours: every.engineHours ?? 0,
    everyMonths: every.months ?? 0,
    noticeShare: notice.share,
    noticeKm: notice.km ?? 0,
    noticeDays: notice.days ?? 0,
    system: systemMessage(system),
    subject,
    putAt: isoTime(putAtMs),
  }
}

const states: Record<Standing['state'], maintenance.DueState> = {
  scheduled: maintenance.DueState.SCHEDULED,
  due: maintenance.DueState.DUE,
  overdue: maintenance.DueState.OVERDUE,
}

const measureMessages: Record<Measure, maintenance.DueMeasure> = {
  distance: maintenance.DueMeasure.DISTANCE,
  'engine-hours': maintenance.DueMeasure.ENGINE_HOURS,
  date: maintenance.DueMeasure.DATE,
}

const sources: Record<Done['source'], maintenance.DoneSource> = {
  recorded: maintenance.DoneSource.RECORDED,
  visit: maintenance.DoneSource.VISIT,
  never: maintenance.DoneSource.NEVER,
}

/** Throws Terminal BAD_REQUEST. */
export function stateOf(message: maintenance.DueState): Standing['state'] {
  const found = (Object.keys(states) as Standing['state'][]).find((name) => states[name] === message)
  if (found !== undefined) return found
  throw new Terminal('BAD_REQUEST', `${message} is no state: expected scheduled, due or overdue`)
}

export function dueMessage({ plan, vehicleId, standing, told, usage }: PlanOfVehicle): maintenance.Due {
  const { state, first, countdowns, dueAt, lastDone, silent, explanation } = standing
  const left = (measure: Measure) => countdowns.find((one) => one.measure === measure)?.remaining
  return {
    plan: planMessage(plan),
    vehicleId,
    state: states[state],
    first: measureMessages[first],
    remainingKm: left('distance'),
    remainingEngineHours: left('engine-hours'),
    remainingDays: left('date'),
    earliest: dueAt && isoTime(dueAt.lowerMs),
    expected: dueAt && isoTime(dueAt.medianMs),
    latest: dueAt && isoTime(dueAt.upperMs),
    lastDone: lastDoneMessage(lastDone),
    kmPerDay: rateOf(usage?.distance),
    engineHoursPerDay: rateOf(usage?.engineHours),
    silent,
    alertId: told?.alertId ?? '',
    alertOutcome: told?.outcome ?? '',
    explanation,
  }
}

const rateOf = (counter: { days: number; perDay: number } | undefined): number | undefined =>
  counter !== undefined && counter.days > 0 ? counter.perDay : undefined

const lastDoneMessage = ({ source, atMs, km, engineHours, note }: Done): maintenance.LastDone => ({
  source: sources[source],
  at: isoTime(atMs),
  odometerKm: km,
  engineHours,
  note,
})
