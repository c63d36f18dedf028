/** Something that can be asked of the driver or measured in the workshop, and how far its answer tells modes apart. */
import type { VehicleSystem } from '@pitcrew/signals'

export interface FailureTest {
  name: string
  system: VehicleSystem
  asks: 'driver' | 'workshop'
  /** To be answered by yes or no. */
  question: string
  /** Of work, or of the driver's attention. */
  minutes: number
  /** Probability of a yes when the mode is present. */
  yes: Readonly<Record<string, number>>
  /** When it is another mode, or something unknown. */
  otherwise: number
}

/** People mistake what they see, and measurements have their day: no answer excludes anything. */
export const bounded = (probability: number) => Math.min(Math.max(probability, 0.02), 0.98)

export const yesOf = ({ yes, otherwise }: FailureTest, failureMode: string): number =>
  bounded(Object.hasOwn(yes, failureMode) ? yes[failureMode]! : otherwise)

type Row = readonly [name: string, minutes: number, question: string, yes: FailureTest['yes'], otherwise: number]

export const testRows = (system: VehicleSystem, asks: FailureTest['asks'], table: readonly Row[]): FailureTest[] =>
  table.map(([name, minutes, question, yes, otherwise]) => ({ name, system, asks, minutes, question, yes, otherwise }))
