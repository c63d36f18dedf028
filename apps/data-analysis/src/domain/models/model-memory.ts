/** What a vehicle's state remembers for the models that serve it: plain JSON of constant size, for one version of a model. */
import type { LifePrediction, LifeState, RiskState } from '@pitcrew/detection'

/** Readings that are averaged until the model's step is over. */
export interface Cycle {
  startMs: number
  sums: Record<string, number>
  counts: Record<string, number>
}

export type ModelMemory =
  | { kind: 'life'; version: string; state: LifeState; cycle: Cycle; told: (LifePrediction & { atMs: number }) | null }
  | { kind: 'risk'; version: string; state: RiskState; codes: string[]; told: RiskTold[]; toldMs: number }
  /** It threw at this vehicle's readings: the detectors alone judge until another version serves. */
  | { kind: 'broken'; version: string; why: string }

export interface RiskTold {
  component: string
  probability: number
  hours: { low: number; median: number; high: number }
  text: string
}
