/**
 * When a failure opens a CAPA, and when it joins one.
 *
 * 1. Only a failure that the workshop confirmed counts.
 * 2. There is at most one open CAPA per component, failure mode and model: a later confirmed failure joins it.
 * 3. The first confirmed failure opens one, as a draft for people to contain. A component whose failure endangers people
 *    needs it at the first failure; for the others one vehicle is thin ground, and the grounds say so: they rise to
 *    `repeated` with the N-th failure and to `significant` when a factor stands out after false-discovery control.
 * 4. A failure after the CAPA was closed opens a new one that names its predecessor: the effectiveness check was wrong.
 */
import { vehicle } from '@pitcrew/contracts'
import type { Verdict } from './failure.ts'

export interface CapaKey {
  component: string
  failureMode: string
  model: string
}

export type Grounds = 'first-confirmed' | 'repeated' | 'significant' | 'safety' | 'recurrence'

export interface GroundsRule {
  repeatedFrom: number
}

export const defaultGrounds: GroundsRule = { repeatedFrom: 3 }

const safetySystems: ReadonlySet<vehicle.VehicleSystem> = new Set([
  vehicle.VehicleSystem.BRAKES,
  vehicle.VehicleSystem.TYRES,
])
const safetyComponents = /brake|steering|airbag|seat-?belt|fuel-(line|leak|tank)|high-voltage|tyre/i

export function isSafetyRelevant(system: vehicle.VehicleSystem, component: string): boolean {
  return safetySystems.has(system) || safetyComponents.test(component)
}

export function opensOrJoins(verdict: Verdict): boolean {
  return verdict === 'confirmed'
}

/** Why a CAPA stands, most pressing first; never empty. */
export function groundsOf(
  facts: { safetyRelevant: boolean; failures: number; significantFactors: number; recurrenceOf: string },
  rule = defaultGrounds,
): Grounds[] {
  const grounds: Grounds[] = []
  if (facts.safetyRelevant) grounds.push('safety')
  if (facts.recurrenceOf !== '') grounds.push('recurrence')
  if (facts.significantFactors > 0) grounds.push('significant')
  if (facts.failures >= rule.repeatedFrom) grounds.push('repeated')
  return grounds.length > 0 ? grounds : ['first-confirmed']
}
