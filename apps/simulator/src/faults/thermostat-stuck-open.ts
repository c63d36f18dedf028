import { developed, developments } from './development.ts'
import { clamp, limitOf, onset, paths, quantise, withChanges, type Fault } from './fault.ts'
import { createCodeLatch, createFaultClock } from './fault-clock.ts'

/** Seconds in which block and coolant settle to a new balance of heat. */
const settling = 120

export const thermostatStuckOpen: Fault = {
  name: 'thermostat-stuck-open',
  system: 'COOLING',
  description:
    'The thermostat no longer closes, so coolant always passes the radiator. Temperature is then set by the balance of ' +
    'heat and airflow: it settles a quarter of the way to ambient at standstill and 60 % of it at 60 km/h, and a cold engine never ' +
    'warms up fully. The engine wears and burns more fuel but does not stop. The ECU sets P0128 when coolant is below ' +
    '72 degrees for two minutes, ten minutes or more after the start.',
  // A cold engine passes 65 degrees on its way up, somewhat later with this fault: that is no limit reached.
  limit: { ...limitOf(paths.coolant, 'below', 65), holdSeconds: 60 },
  parameters: {
    onset,
    development: { unit: 's', description: 'From the first sticking to fully open', default: 600 },
  },
  developments,
  overlay({ onset: start = 0, development = 1 }, shape) {
    const clock = createFaultClock()
    const tooCold = createCodeLatch('P0128', 120)
    let deficit = 0
    let warmUp = 0
    return (frame) => {
      const { elapsed, step } = clock(frame.timeMs)
      const base = frame.values[paths.coolant]
      warmUp = (frame.values[paths.rpm] ?? 0) > 300 ? warmUp + step : 0
      if (base === undefined || elapsed < start) return frame
      const ambient = frame.values[paths.ambient] ?? 25
      const opening = developed(shape, (elapsed - start) / development, elapsed - start)
      const airflow = 0.25 + 0.35 * clamp((frame.values[paths.speed] ?? 0) / 60, 0, 1)
      const target = opening * airflow * Math.max(base - ambient, 0)
      deficit += ((target - deficit) * step) / (settling + step)
      const temperature = quantise(base - deficit, 1)
      const code = tooCold(temperature < 72 && warmUp > 600, step)
      return withChanges(frame, { [paths.coolant]: temperature }, code)
    }
  },
}
