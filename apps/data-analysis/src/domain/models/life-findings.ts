/** Remaining life from readings, step by step. */
import { createLifeState, stepLife, type LifePrediction } from '@pitcrew/detection'
import type { SignalFrame } from '@pitcrew/signals'
import type { Finding } from '../finding.ts'
import { hours } from '../interval.ts'
import type { Cycle, ModelMemory } from './model-memory.ts'
import type { ServedModel } from './served-model.ts'

type Served = Extract<ServedModel, { kind: 'life' }>
type Memory = Extract<ModelMemory, { kind: 'life' }>

const hourMs = 3_600_000
/** Further off than the next planned services, a life is no evidence. */
const concernHours = 30 * 24

export const beginLife = ({ version, model }: Served): Memory => ({
  kind: 'life',
  version,
  state: createLifeState(model),
  cycle: emptyCycle(0),
  told: null,
})

const emptyCycle = (startMs: number): Cycle => ({ startMs, sums: {}, counts: {} })

/** Takes the frame in; the model sees a step when it is over. */
export function advanceLife({ model, cycleHours }: Served, memory: Memory, { timeMs, values }: SignalFrame): void {
  const reads = model.plan.signals.some((path) => values[path] !== undefined)
  if (!reads) return
  if (memory.cycle.startMs === 0) memory.cycle = emptyCycle(timeMs)
  if (timeMs - memory.cycle.startMs >= cycleHours * hourMs) {
    memory.told = { ...stepLife(model, memory.state, meansOf(memory.cycle)), atMs: timeMs }
    memory.cycle = emptyCycle(timeMs)
  }
  const { sums, counts } = memory.cycle
  for (const path of [...model.plan.signals, ...model.plan.regimes.settings]) {
    const value = values[path]
    if (value === undefined) continue
    sums[path] = (sums[path] ?? 0) + value
    counts[path] = (counts[path] ?? 0) + 1
  }
}

const meansOf = ({ sums, counts }: Cycle): Record<string, number> =>
  Object.fromEntries(Object.entries(sums).map(([path, sum]) => [path, sum / counts[path]!]))

export function lifeFindings({ name, version, system, cycleHours }: Served, { told }: Memory): Finding[] {
  if (told === null) return []
  const strength = chanceWithin(told, concernHours / cycleHours)
  if (strength < 0.2) return []
  const timeToFailure = hours(told.lower * cycleHours, told.remaining * cycleHours, told.upper * cycleHours)
  const day = (steps: number) => ((steps * cycleHours) / 24).toFixed(1)
  return [
    {
      system,
      detector: 'life-model',
      feature: name,
      signal: '',
      dtc: '',
      value: told.remaining * cycleHours,
      expected: concernHours,
      strength,
      sinceMs: told.atMs,
      timeToFailure,
      explanation:
        `${name} ${version}: ${day(told.remaining)} days of life left, with 90 % between ${day(told.lower)} and ` +
        `${day(told.upper)}`,
    },
  ]
}

/** That the life ends within so many steps: between its bounds evenly on each side of the median, a 20th beyond each. */
export function chanceWithin({ lower, remaining, upper }: LifePrediction, steps: number): number {
  const share = (from: number, to: number) =>
    to > from ? Math.min(Math.max((steps - from) / (to - from), 0), 1) : steps >= to ? 1 : 0
  if (steps <= lower) return lower > 0 ? 0.05 * (steps / lower) : 0.05
  return Math.min(0.05 + 0.45 * share(lower, remaining) + 0.45 * share(remaining, upper), 0.95)
}
