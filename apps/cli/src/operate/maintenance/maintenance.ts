/** L3: services by distance, engine hours and date. */
import type { maintenance } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { Target } from '../../api/locate.ts'
import { openMaintenance } from '../../api/maintenance.ts'
import { plain, words } from '../../print/names.ts'
import { table } from '../../print/table.ts'
import { tick } from '../../print/ticks.ts'
import { json, line } from '../output.ts'

interface Options extends Target {
  json?: boolean
}

export async function listPlans(options: Options): Promise<void> {
  const plans = await openMaintenance(options).plans()
  if (options.json) return json(plans)
  line(plans.length === 0 ? 'no plan: nothing is ever due' : plansTable(plans))
}

export function plansTable(plans: readonly maintenance.Plan[]): string {
  return table(
    ['plan', 'what', 'for', 'every', 'notice', 'system', 'parts', 'hours', 'by'],
    plans.map((plan) => [
      plan.planId,
      plan.what,
      plan.vehicleId || `${plan.vehicleModel} (model)`,
      everyOf(plan),
      noticeOf(plan),
      plain(plan.system),
      plan.parts.join(', '),
      String(plan.labourHours),
      plan.subject,
    ]),
  )
}

function everyOf({ everyKm, everyEngineHours, everyMonths }: maintenance.Plan): string {
  const given = [
    everyKm > 0 && `${everyKm} km`,
    everyEngineHours > 0 && `${everyEngineHours} h`,
    everyMonths > 0 && `${everyMonths} months`,
  ]
  return given.filter((part) => part !== false).join(' or ')
}

function noticeOf({ noticeShare, noticeKm, noticeDays }: maintenance.Plan): string {
  const given = [noticeKm > 0 && `${noticeKm} km`, noticeDays > 0 && `${noticeDays} days`]
  return given.filter((part) => part !== false).join(', ') || `${Math.round(noticeShare * 100)} %`
}

export interface PutOptions extends Options {
  what: string
  system: string
  vehicle?: string
  model?: string
  km?: string
  engineHours?: string
  months?: string
  noticeShare?: string
  noticeKm?: string
  noticeDays?: string
  component?: string
  part: string[]
  hours: string
  reason?: string
}

export async function putPlan(id: string, options: PutOptions): Promise<void> {
  const { what, system, vehicle, model, component, part, reason } = options
  const plan = await openMaintenance(options).put(id, {
    what,
    system: system.toUpperCase(),
    ...(vehicle !== undefined && { vehicleId: vehicle }),
    ...(model !== undefined && { vehicleModel: model }),
    ...amount('everyKm', options.km),
    ...amount('everyEngineHours', options.engineHours),
    ...amount('everyMonths', options.months),
    ...amount('noticeShare', options.noticeShare),
    ...amount('noticeKm', options.noticeKm),
    ...amount('noticeDays', options.noticeDays),
    ...(component !== undefined && { component }),
    parts: part,
    ...amount('labourHours', options.hours),
    ...(reason !== undefined && { reason }),
  })
  if (options.json) return json(plan)
  line(tick('ok', id, { words: 'in force within seconds; ./pitcrew maintenance due shows what it means' }))
}

export async function endPlan(id: string, options: Options & { reason: string }): Promise<void> {
  await openMaintenance(options).end(id, options.reason)
  if (options.json) return json({ planId: id, ended: true })
  line(tick('ok', id, { words: 'ended' }))
}

export interface DueOptions extends Options {
  vehicle?: string
  plan?: string
  state?: string
  limit?: string
}

export async function listDue({ vehicle, plan, state, limit, ...options }: DueOptions): Promise<void> {
  const due = await openMaintenance(options).due({ vehicle, plan, state: state?.toUpperCase(), limit })
  if (options.json) return json(due)
  line(due.length === 0 ? 'nothing is due' : dueTable(due))
}

export function dueTable(due: readonly maintenance.Due[]): string {
  return table(
    ['vehicle', 'plan', 'what', 'state', 'by', 'left', 'expected', 'told by', 'note'],
    due.map((one) => [
      one.vehicleId,
      one.plan?.planId ?? '',
      one.plan?.what ?? '',
      words(one.state),
      words(one.first),
      leftOf(one),
      one.expected === undefined ? 'unknown' : `${day(one.expected)} (${day(one.earliest)} to ${day(one.latest)})`,
      [one.alertId, one.alertOutcome].filter((word) => word !== '').join(', ') || 'nothing yet',
      one.silent ? 'sends nothing: no alert will tell' : '',
    ]),
  )
}

const day = (time: string | undefined): string => time?.slice(0, 10) ?? ''

function leftOf({ remainingKm, remainingEngineHours, remainingDays }: maintenance.Due): string {
  const given: [number | undefined, string][] = [
    [remainingKm, 'km'],
    [remainingEngineHours, 'h'],
    [remainingDays, 'days'],
  ]
  return given.flatMap(([left, unit]) => (left === undefined ? [] : [`${Math.round(left)} ${unit}`])).join(', ')
}

export interface DoneOptions extends Options {
  at?: string
  km?: string
  engineHours?: string
  note: string
}

export async function recordDone(id: string, vehicle: string, options: DoneOptions): Promise<void> {
  const { at, km, engineHours, note } = options
  const due = await openMaintenance(options).done(id, {
    vehicleId: vehicle,
    ...(at !== undefined && { at: timeOf(at) }),
    ...amount('odometerKm', km),
    ...amount('engineHours', engineHours),
    note,
  })
  if (options.json) return json(due)
  line(tick('ok', `${id} of ${vehicle}`, { words: due?.explanation ?? '' }))
}

/** Throws Terminal BAD_USAGE. */
function amount<const K extends string>(key: K, text: string | undefined): Partial<Record<K, number>> {
  if (text === undefined) return {}
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return { [key]: value } as Record<K, number>
  throw new Terminal('BAD_USAGE', `${JSON.stringify(text)} is no number: expected one, such as 15000`)
}

/** Throws Terminal BAD_USAGE. */
function timeOf(text: string): string {
  const at = new Date(text)
  if (!Number.isNaN(at.getTime())) return at.toISOString()
  throw new Terminal('BAD_USAGE', `${JSON.stringify(text)} is no time: expected one, such as 2026-11-02`)
}
