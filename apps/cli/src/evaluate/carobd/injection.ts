/**
 * Degradations laid over recorded drives: every fault of the simulator, in every way in which such a part fails, at several
 * rates. The same drive always gives the same injections.
 */
import type { SignalFrame } from '@pitcrew/signals'
import { faults, inject, type Development, type Fault, type FaultLimit } from '@pitcrew/simulator'

/** Times the time from onset to end that the fault's own documentation gives. */
export const rates = { fast: 0.5, documented: 1, slow: 2 } as const
export type RateName = keyof typeof rates

/** A drive that is shorter after the onset of a fault says too little of it. */
export const leastSeconds = 590

export interface Injection {
  fault: Fault
  development: Development
  rate: RateName
  /** Seconds since the first frame. */
  onsetSeconds: number
  frames: SignalFrame[]
}

/** Which of them; all when absent. */
export interface Selection {
  rates?: readonly RateName[]
  developments?: readonly Development[]
}

/** None for a drive that is too short after the fault's onset. */
export function* injections(frames: readonly SignalFrame[], only: Selection = {}): Generator<Injection> {
  const seconds = (frames.at(-1)!.timeMs - frames[0]!.timeMs) / 1_000
  for (const fault of faults) {
    const onsetSeconds = fault.parameters.onset!.default
    const rest = seconds - onsetSeconds
    if (rest < leastSeconds) continue
    for (const development of fault.developments)
      for (const rate of only.rates ?? (Object.keys(rates) as RateName[])) {
        if (only.developments?.includes(development) === false) continue
        const overlay = inject(fault.name, paceOf(fault, rates[rate]), development)
        yield { fault, development, rate, onsetSeconds, frames: frames.map(overlay) }
      }
  }
}

/** The parameters with which the fault takes so many times its documented time from onset to end. */
export function paceOf({ parameters: { development, lossPerHour } }: Fault, times: number): Record<string, number> {
  return development ? { development: development.default * times } : { lossPerHour: lossPerHour!.default / times }
}

const rpm = 'Vehicle.Powertrain.CombustionEngine.Speed'

/** Says of each frame, in order of time, whether the fault has now held its limit for long enough where the healthy drive has not. */
export function crossingOf({ crossed, holdSeconds }: FaultLimit) {
  let since: number | undefined
  /** The moment from which it has held; undefined while it does not. Milliseconds. */
  return (healthy: SignalFrame, { values, timeMs }: SignalFrame): number | undefined => {
    const counts = (values[rpm] ?? 0) > 400 && crossed(values) && !crossed(healthy.values)
    if (!counts) return void (since = undefined)
    since ??= timeMs
    return timeMs - since >= holdSeconds * 1_000 ? since : undefined
  }
}

/** Seconds from the first frame until the fault has carried the running vehicle over its limit; undefined when it never does. */
export function limitCrossing(
  healthy: readonly SignalFrame[],
  faulty: readonly SignalFrame[],
  limit: FaultLimit,
): number | undefined {
  const crossing = crossingOf(limit)
  for (const [index, frame] of faulty.entries()) {
    const sinceMs = crossing(healthy[index]!, frame)
    if (sinceMs !== undefined) return (sinceMs - faulty[0]!.timeMs) / 1_000
  }
  return undefined
}
