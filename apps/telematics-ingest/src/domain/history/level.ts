/** What history keeps, how long, and which of it answers a question. */
import { Terminal } from '@pitcrew/errors'

export type Level = 'raw' | 'minute' | 'hour'

export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

/** How long each level is kept, milliseconds; a coarser one at least as long as a finer one. */
export type Retention = Record<Level, number>

/** Device time, Unix milliseconds; `toMs` is not part of it. */
export interface Range {
  fromMs: number
  toMs: number
}

export interface Plan extends Range {
  level: Level
  resolutionMs: number
}

export interface Question extends Range {
  /** 0: as `maxPoints` has it. */
  resolutionMs: number
  maxPoints: number
}

export const stepOf: Record<Level, number> = { raw: 1, minute: minuteMs, hour: hourMs }

const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hourMs),
  ...[1, 2, 7, 14, 28, 91, 182, 364, 1_820, 3_640].map((days) => days * dayMs),
]

/**
 * The coarsest level that is fine enough, but none that is not kept any more where the range begins. The range is widened to
 * whole buckets. Terminal BAD_RANGE.
 */
export function planOf(question: Question, retention: Retention, now: number): Plan {
  const { fromMs, toMs } = question
  const times = [fromMs, toMs, question.resolutionMs]
  if (!times.every((time) => Number.isSafeInteger(time) && time >= 0) || fromMs >= toMs || toMs > 8.64e15)
    throw new Terminal(
      'BAD_RANGE',
      `from ${fromMs} to ${toMs} is no range: expected Unix milliseconds, from before to`,
      {
        hint: 'the resolution is in milliseconds too, and 0 where it is to be chosen',
      },
    )
  const wanted = question.resolutionMs || stepFor(question, question.maxPoints)
  const level = coarser(levelFor(wanted), finestKept(fromMs, retention, now))
  const resolutionMs = Math.ceil(wanted / stepOf[level]) * stepOf[level]
  return { level, resolutionMs, ...widened(question, resolutionMs) }
}

const widened = ({ fromMs, toMs }: Range, step: number): Range => ({
  fromMs: Math.floor(fromMs / step) * step,
  toMs: Math.ceil(toMs / step) * step,
})

function stepFor(range: Range, maxPoints: number): number {
  const fits = (step: number) => {
    const { fromMs, toMs } = widened(range, step)
    return (toMs - fromMs) / step <= maxPoints
  }
  return steps.find(fits) ?? Math.ceil((range.toMs - range.fromMs) / dayMs) * dayMs
}

const levelFor = (resolutionMs: number): Level =>
  resolutionMs >= hourMs ? 'hour' : resolutionMs >= minuteMs ? 'minute' : 'raw'

function finestKept(fromMs: number, retention: Retention, now: number): Level {
  if (fromMs >= now - retention.raw) return 'raw'
  return fromMs >= now - retention.minute ? 'minute' : 'hour'
}

const coarser = (a: Level, b: Level): Level => (stepOf[a] > stepOf[b] ? a : b)
