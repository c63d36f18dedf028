/** What a tree may ask of a unit at a moment, as numbers. The same code serves and trains, so that both see the same. */
import { dayMs, hourMs } from './history.ts'
import type { RiskModel, RiskState, Sense } from './model.ts'

/** Of a part never replaced, or a unit never visited: below every true value. */
export const unknown = -1

export type Frame = Pick<RiskModel, 'forgetHours' | 'visitEveryHours'>

export function valueOf(sense: Sense, frame: Frame, state: RiskState, component: string, atMs: number): number {
  switch (sense.of) {
    case 'code':
      return hoursSince(own(state.codes, sense.code), frame.forgetHours, atMs)
    case 'part': {
      const since = own(state.replaced, component)
      return since === undefined ? unknown : Math.max(0, atMs - since) / dayMs
    }
    case 'due':
      return hoursToVisit(frame.visitEveryHours, state.visitMs, atMs)
    case 'clock':
      return (((atMs % dayMs) + dayMs) % dayMs) / hourMs
    case 'age':
      return state.statics.ageYears
    case 'model':
      return state.statics.model === sense.model ? 1 : 0
  }
}

/** A record's own entry: codes are free text, and "constructor" is one too. */
export const own = <Value>(record: Record<string, Value>, name: string): Value | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined

function hoursSince(since: number | undefined, forgetHours: number, atMs: number): number {
  return since === undefined ? forgetHours : Math.min(forgetHours, Math.max(0, atMs - since) / hourMs)
}

function hoursToVisit(everyHours: number | null, visitMs: number | null, atMs: number): number {
  if (everyHours === null || visitMs === null) return unknown
  return everyHours - ((Math.max(0, atMs - visitMs) / hourMs) % everyHours)
}
