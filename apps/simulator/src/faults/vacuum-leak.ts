import type { SignalFrame } from '@pitcrew/signals'
import { developed, developments } from './development.ts'
import { clamp, limitOf, onset, paths, quantise, withChanges, type Fault } from './fault.ts'
import { createCodeLatch, createFaultClock } from './fault-clock.ts'

/** Displacement per revolution of a 1.5 l four-stroke (l), density of air (g/l), volumetric efficiency. */
const litresPerRevolution = 0.75
const airDensity = 1.18
const volumetricEfficiency = 0.8
/** Below this ratio of manifold to ambient pressure the flow through the leak is choked and no longer grows. */
const chokedRatio = 0.53

const trimStep = 100 / 128

/** Air that the engine draws, g/s, from manifold pressure and engine speed (speed-density equation). */
function airflow({ values }: SignalFrame): number {
  const revolutions = (values[paths.rpm] ?? 0) / 60
  const filling = (values[paths.map] ?? 35) / 101.3
  return revolutions * litresPerRevolution * airDensity * volumetricEfficiency * filling
}

/** Flow through the leak at this manifold pressure, of that when choked. */
function leakShare(manifold: number): number {
  const ratio = clamp(manifold / 101.3, 0, 1)
  return ratio <= chokedRatio ? 1 : Math.sqrt(clamp((1 - ratio) / (1 - chokedRatio), 0, 1))
}

export const vacuumLeak: Fault = {
  name: 'vacuum-leak',
  system: 'FUEL_AIR',
  description:
    'The gasket of one intake runner leaks: air enters past the throttle that the fuel calculation does not know of. The ' +
    'oxygen sensor sees a lean mixture and the ECU adds fuel: the short-term trim at once, the long-term trim after it ' +
    'over about a minute. The leak is the same in g/s whenever manifold pressure is low, so its share is largest at idle and small under ' +
    'load. Idle speed and manifold pressure rise a little. P0171 when both trims together average above 25 %.',
  limit: limitOf(paths.longTrim, 'above', 25),
  parameters: {
    onset,
    development: { unit: 's', description: 'From the first seep to the full leak', default: 1200 },
    leak: { unit: 'g/s', description: 'Air that enters in the end, at low manifold pressure', default: 1.4 },
  },
  developments,
  overlay({ onset: start = 0, development = 1, leak = 0 }, shape) {
    const clock = createFaultClock()
    const tooLean = createCodeLatch('P0171', 60)
    let learned = 0
    let average = 0
    return (frame) => {
      const { elapsed, step } = clock(frame.timeMs)
      const short = frame.values[paths.shortTrim]
      const long = frame.values[paths.longTrim]
      const rpm = frame.values[paths.rpm] ?? 0
      if (short === undefined || long === undefined || elapsed < start || rpm < 400) return frame
      const opened = developed(shape, (elapsed - start) / development, elapsed - start)
      const leaking = leak * opened * leakShare(frame.values[paths.map] ?? 35)
      const lean = clamp((100 * leaking) / Math.max(airflow(frame), 0.8), 0, 60)
      learned += ((lean - learned) * step) / (60 + step)
      const longTrim = clamp(quantise(long + learned, trimStep), -35, 35)
      const shortTrim = clamp(quantise(short + clamp(lean - learned, -15, 15), trimStep), -25, 25)
      average += ((longTrim + shortTrim - average) * step) / (60 + step)
      const changes: Record<string, number> = { [paths.longTrim]: longTrim, [paths.shortTrim]: shortTrim }
      const idling = (frame.values[paths.speed] ?? 0) < 2
      if (idling) changes[paths.rpm] = quantise(rpm + 70 * opened, 0.25)
      const manifold = frame.values[paths.map]
      if (idling && manifold !== undefined) changes[paths.map] = quantise(manifold + 3 * opened, 1)
      return withChanges(frame, changes, tooLean(average > 25, step))
    }
  },
}
