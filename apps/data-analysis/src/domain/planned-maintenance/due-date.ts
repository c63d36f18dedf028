/** When a plan is due for a vehicle. Pure: who keeps the records gives them. */
import { addMonths } from './calendar.ts'
import { measures, type Measure, type Plan } from './plan.ts'
import { dayMs, daysUntil, type Counter, type Usage } from './usage.ts'

export interface Done {
  source: 'recorded' | 'visit' | 'never'
  atMs: number
  km?: number
  engineHours?: number
  note: string
}

export interface Span {
  lowerMs: number
  medianMs: number
  upperMs: number
}

export interface Countdown {
  measure: Measure
  /** Kilometres, hours or days; below 0 when it is over. */
  remaining: number
  interval: number
  /** Absent while nothing tells. */
  dueAt?: Span
}

export interface Standing {
  state: 'scheduled' | 'due' | 'overdue'
  /** What comes first. */
  first: Measure
  countdowns: readonly Countdown[]
  dueAt?: Span
  lastDone: Done
  /** It has sent nothing for a month, or ever: no alert can tell of it. */
  silent: boolean
  explanation: string
}

export interface VehicleRecord {
  /** First registration, or when we first knew of it; Unix milliseconds. */
  sinceMs: number
  usage: Usage | undefined
  /** When it last sent anything; undefined when it never has. */
  seenMs: number | undefined
  /** The last time; undefined when nothing is known of one. */
  done: Done | undefined
}

/** A vehicle that has not told for so long stands: what it did a day is no guide. */
export const silentAfterMs = 30 * dayMs

const units: Record<Measure, string> = { distance: 'km', 'engine-hours': 'engine hours', date: 'days' }

/**
 * `told`: it has come up before and its case is open, so it stays due until it is done, whatever a rate that changes says of
 * the date.
 */
export function standingOf(plan: Plan, record: VehicleRecord, nowMs: number, told = false): Standing {
  const { usage } = record
  const lastDone = record.done ?? { source: 'never', atMs: record.sinceMs, note: '' }
  const countdowns = measures.flatMap((measure) => countdown(measure, plan, usage, lastDone, nowMs) ?? [])
  const dueAt = soonest(countdowns)
  const overdue = countdowns.some(({ remaining }) => remaining <= 0)
  const near = told || countdowns.some((one) => isNear(one, plan, nowMs))
  const first = firstOf(countdowns)?.measure ?? Object.keys(plan.every).map(measureOf)[0]!
  return {
    state: overdue ? 'overdue' : near ? 'due' : 'scheduled',
    first,
    countdowns,
    ...(dueAt && { dueAt }),
    lastDone,
    silent: record.seenMs === undefined || nowMs - record.seenMs > silentAfterMs,
    explanation: explain(plan, countdowns, lastDone, dueAt),
  }
}

const measureOf = (unit: string): Measure =>
  unit === 'km' ? 'distance' : unit === 'engineHours' ? 'engine-hours' : 'date'

function countdown(
  measure: Measure,
  { every }: Plan,
  usage: Usage | undefined,
  done: Done,
  nowMs: number,
): Countdown | undefined {
  switch (measure) {
    case 'distance':
      return counted(measure, every.km, usage?.distance, { value: done.km, ...done }, nowMs)
    case 'engine-hours':
      return counted(measure, every.engineHours, usage?.engineHours, { value: done.engineHours, ...done }, nowMs)
    case 'date': {
      if (every.months === undefined) return undefined
      const atMs = addMonths(done.atMs, every.months)
      const dueAt = { lowerMs: atMs, medianMs: atMs, upperMs: atMs }
      return { measure, remaining: (atMs - nowMs) / dayMs, interval: (atMs - done.atMs) / dayMs, dueAt }
    }
  }
}

function counted(
  measure: Measure,
  interval: number | undefined,
  counter: Counter | undefined,
  done: { source: Done['source']; value: number | undefined; atMs: number },
  nowMs: number,
): Countdown | undefined {
  if (interval === undefined || counter === undefined) return undefined
  const from = done.source === 'never' ? counter.first : (done.value ?? readingAt(counter, done.atMs))
  const remaining = from + interval - counter.last
  // What is over is over, at whatever rate.
  const over = remaining <= 0 ? { lower: 0, median: 0, upper: 0 } : undefined
  const days = daysUntil(counter, remaining) ?? over
  if (days === undefined) return { measure, remaining, interval }
  const anchorMs = nowMs - counter.lastMs > silentAfterMs ? nowMs : counter.lastMs
  const at = (share: number) => anchorMs + share * dayMs
  const dueAt = { lowerMs: at(days.lower), medianMs: at(days.median), upperMs: at(days.upper) }
  return { measure, remaining, interval, dueAt }
}

/** What the instrument showed then, as far as its rate tells. */
function readingAt({ first, firstMs, last, lastMs, perDay }: Counter, atMs: number): number {
  if (atMs >= lastMs) return last
  return Math.max(last - (perDay * (lastMs - atMs)) / dayMs, atMs >= firstMs ? first : 0)
}

function isNear({ measure, remaining, interval, dueAt }: Countdown, { notice }: Plan, nowMs: number): boolean {
  if (notice.days !== undefined && dueAt !== undefined && dueAt.medianMs - nowMs <= notice.days * dayMs) return true
  if (measure === 'date' && notice.days !== undefined) return false
  const ahead = measure === 'distance' && notice.km !== undefined ? notice.km : notice.share * interval
  return remaining <= ahead
}

/** By the expected date, where one is known; else by the share of the interval that is left. */
function firstOf(countdowns: readonly Countdown[]): Countdown | undefined {
  const over = countdowns.find(({ remaining }) => remaining <= 0)
  if (over) return over
  const dated = countdowns.filter(({ dueAt }) => dueAt !== undefined)
  if (dated.length > 0) return dated.toSorted((a, b) => a.dueAt!.medianMs - b.dueAt!.medianMs)[0]
  return countdowns.toSorted((a, b) => a.remaining / a.interval - b.remaining / b.interval)[0]
}

/** Whichever first: each bound is the earliest of them. */
function soonest(countdowns: readonly Countdown[]): Span | undefined {
  const spans = countdowns.flatMap(({ dueAt }) => dueAt ?? [])
  if (spans.length === 0) return undefined
  const least = (bound: keyof Span) => Math.min(...spans.map((span) => span[bound]))
  return { lowerMs: least('lowerMs'), medianMs: least('medianMs'), upperMs: least('upperMs') }
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)

function explain({ what }: Plan, countdowns: readonly Countdown[], done: Done, dueAt: Span | undefined): string {
  const left = countdowns.map(({ measure, remaining }) =>
    remaining > 0
      ? `in ${Math.round(remaining)} ${units[measure]}`
      : `${Math.round(-remaining)} ${units[measure]} over`,
  )
  const last = done.source === 'never' ? `no record of it since ${dayOf(done.atMs)}` : `last done ${dayOf(done.atMs)}`
  const expected = dueAt && `expected ${dayOf(dueAt.medianMs)} (${dayOf(dueAt.lowerMs)} to ${dayOf(dueAt.upperMs)})`
  return [`${what}: ${left.join(', ') || 'the vehicle does not tell what it is counted by'}`, expected, last]
    .filter((part) => part !== undefined)
    .join('; ')
}
