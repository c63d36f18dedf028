/** The streaming side: one state per unit, one step at a time. */
import { Terminal } from '@pitcrew/errors'
import type { LifeBand } from './life-band.ts'
import { isInformed, newLifeState, observe, type LifeState } from './life-features.ts'
import type { LifeModel, LifePrediction } from './life-model.ts'
import { fromAge, fromSignals } from './predict-life.ts'

const longest = 1e9

/**
 * Plain JSON of constant size; parsed from its JSON it goes on exactly. It belongs to the model that it was made for.
 * @param age steps that the unit ran before it is observed. A model that learned only from units observed from new tells the
 *   life of one that comes in late from its age alone; one that learned from such does so until their first steps were seen.
 * Throws Terminal LIFE_AGE_INVALID.
 */
export function createLifeState({ plan }: LifeModel, age = 0): LifeState {
  if (age >= 0 && age <= longest) return newLifeState(plan, age)
  throw new Terminal('LIFE_AGE_INVALID', `age is ${age} steps: expected 0 to ${longest}`, {
    hint: 'give the steps that the unit ran before its first reading, in the unit that the model was trained in',
  })
}

/**
 * Takes one step's readings in (`state` is changed) and tells what remains after it. Signals may be absent or NaN; while
 * less than half of them were read lately, what is told follows from age alone.
 * @param values by signal name, in the units that the model was trained in
 */
export function stepLife(model: LifeModel, state: LifeState, values: Record<string, number>): LifePrediction {
  observe(model.plan, state, values)
  const band = bandFor(model, state)
  return band !== null && isInformed(model.plan, state) ? fromSignals(model, state, band) : fromAge(model, state.age)
}

/** Null while signals do not tell the life of such a unit. */
function bandFor({ band, lateBand, plan }: LifeModel, { age, observed }: LifeState): LifeBand | null {
  if (age === observed) return band
  return observed >= plan.baselineSteps ? lateBand : null
}
