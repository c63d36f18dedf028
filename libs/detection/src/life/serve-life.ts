/** The streaming side: one state per unit, one step at a time. */
import { isInformed, newLifeState, observe, type LifeState } from './life-features.ts'
import type { LifeModel, LifePrediction } from './life-model.ts'
import { fromAge, fromSignals } from './predict-life.ts'

/** Plain JSON of constant size; parsed from its JSON it goes on exactly. It belongs to the model that it was made for. */
export function createLifeState({ plan }: LifeModel): LifeState {
  return newLifeState(plan)
}

/**
 * Takes one step's readings in (`state` is changed) and tells what remains after it. Signals may be absent or NaN; while
 * less than half of them were read lately, what is told follows from age alone.
 * @param values by signal name, in the units that the model was trained in
 */
export function stepLife(model: LifeModel, state: LifeState, values: Record<string, number>): LifePrediction {
  observe(model.plan, state, values)
  return isInformed(model.plan, state) ? fromSignals(model, state) : fromAge(model, state.age)
}
