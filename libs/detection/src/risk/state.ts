/**
 * What is remembered of one unit.
 * 1. Bounded: only codes and components that the model knows are kept, one time each.
 * 2. Times only move forward: an event that arrives late is remembered where it is still the latest of its kind.
 */
import type { RiskEvent, UnitStatics } from './history.ts'
import type { RiskState } from './model.ts'
import { unknown } from './senses.ts'

export interface Known {
  codes: readonly string[]
  components: readonly { component: string }[]
}

/** `watchedFromMs`: when the unit's own codes and visits began to arrive; what is older was taken over from other books. */
export const createRiskState = ({ model, ageYears }: UnitStatics, watchedFromMs: number | null = null): RiskState => ({
  statics: { model, ageYears: Number.isFinite(ageYears) ? ageYears : unknown },
  watchedFromMs,
  atMs: null,
  codes: {},
  replaced: {},
  visitMs: null,
  signs: {},
})

/** A new state; the old one stays as it was. */
export function remember(known: Known, state: RiskState, event: RiskEvent): RiskState {
  const atMs = Math.max(state.atMs ?? event.atMs, event.atMs)
  switch (event.kind) {
    case 'codes':
      return {
        ...state,
        atMs,
        codes: latest(
          state.codes,
          event.codes.filter((code) => known.codes.includes(code)),
          event.atMs,
        ),
      }
    case 'failure':
      return renewed(known, { ...state, atMs }, [event.component], event.atMs)
    case 'maintenance': {
      const isOld = event.atMs < (state.watchedFromMs ?? -Infinity)
      const visitMs = isOld ? state.visitMs : Math.max(state.visitMs ?? event.atMs, event.atMs)
      return renewed(known, { ...state, atMs, visitMs }, event.components, event.atMs)
    }
  }
}

/** The part is new: what spoke of the old one no longer counts. */
function renewed(known: Known, state: RiskState, components: readonly string[], atMs: number): RiskState {
  const names = components.filter((name) => known.components.some(({ component }) => component === name))
  const signs = Object.entries(state.signs).filter(([name, sign]) => !names.includes(name) || sign.atMs > atMs)
  return { ...state, replaced: latest(state.replaced, names, atMs), signs: Object.fromEntries(signs) }
}

function latest(times: Record<string, number>, names: readonly string[], atMs: number): Record<string, number> {
  const old = new Map(Object.entries(times))
  return Object.fromEntries([...old, ...names.map((name) => [name, Math.max(old.get(name) ?? atMs, atMs)] as const)])
}
