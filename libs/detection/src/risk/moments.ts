/** The moments a fleet's units sent codes at: what could be known then, and what came of it. */
import { hourMs, riskEventsInOrder, type RiskEvent, type UnitHistory } from './history.ts'
import type { Sense } from './model.ts'
import { valueOf, type Frame } from './senses.ts'
import { createRiskState, remember, type Known } from './state.ts'

export interface Moment {
  unit: string
  atMs: number
  /** By component, in the order of the senses. */
  values: Map<string, number[]>
  /**
   * By component: hours to its failure within the horizon, null when it did not fail; undefined when that is not known, since
   * the part was replaced before it could have failed, or the record ends.
   */
  outcomes: Map<string, number | null | undefined>
}

export interface Asked {
  codes: readonly string[]
  components: readonly string[]
  senses: readonly Sense[]
  frame: Frame
  horizonHours: number
}

/** In time. */
export function momentsOf(unit: UnitHistory, { codes, components, senses, frame, horizonHours }: Asked): Moment[] {
  const { fromMs, toMs } = unit.observed
  const known: Known = { codes, components: components.map((component) => ({ component })) }
  const events = riskEventsInOrder(unit.events).filter(({ atMs }) => atMs <= toMs)
  const ends = new Map(components.map((component) => [component, endingsOf(events, component)]))
  const moments: Moment[] = []
  let state = createRiskState(unit.statics, fromMs)
  for (const event of events) {
    state = remember(known, state, event)
    if (event.kind !== 'codes' || event.atMs < fromMs) continue
    const { atMs } = event
    moments.push({
      unit: unit.unit,
      atMs,
      values: perComponent(components, (one) => senses.map((sense) => valueOf(sense, frame, state, one, atMs))),
      outcomes: perComponent(components, (one) => outcomeAt(ends.get(one)!, atMs, horizonHours, toMs)),
    })
  }
  return moments
}

const perComponent = <Value>(components: readonly string[], of: (component: string) => Value): Map<string, Value> =>
  new Map(components.map((component) => [component, of(component)]))

interface Ending {
  atMs: number
  failed: boolean
}

/** In order; at one time the failure stands before the visit that repaired it. */
function endingsOf(events: readonly RiskEvent[], component: string): Ending[] {
  const ends: Ending[] = []
  for (const event of events) {
    const { kind, atMs } = event
    if (kind === 'failure' && event.component === component) ends.push({ atMs, failed: true })
    if (kind === 'maintenance' && event.components.includes(component)) ends.push({ atMs, failed: false })
  }
  return ends
}

function outcomeAt(ends: readonly Ending[], atMs: number, hours: number, toMs: number): number | null | undefined {
  const until = atMs + hours * hourMs
  const next = ends.find((end) => end.atMs > atMs)
  if (next !== undefined && next.atMs <= until && next.failed) return (next.atMs - atMs) / hourMs
  return (next !== undefined && next.atMs < until) || toMs < until ? undefined : null
}
