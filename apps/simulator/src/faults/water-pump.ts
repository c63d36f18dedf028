import { developed, developments } from './development.ts'
import { clamp, limitOf, onset, paths, type Fault } from './fault.ts'
import { createFaultClock } from './fault-clock.ts'
import { createExcessHeat } from './excess-heat.ts'

export const waterPump: Fault = {
  name: 'water-pump',
  system: 'COOLING',
  description:
    'The impeller of the water pump slips on its shaft, and more so as it turns faster: flow, and with it the heat that ' +
    'reaches the radiator, falls while the engine speed is high and recovers partly at idle. Coolant temperature follows ' +
    'engine speed and load, with a level that rises from minute to minute; P0217 at 118 degrees.',
  limit: limitOf(paths.coolant, 'above', 115),
  parameters: {
    onset,
    development: {
      unit: 's',
      description: 'From the first slip to a pump that no longer moves coolant',
      default: 1000,
    },
  },
  developments,
  overlay({ onset: start = 0, development = 1 }, shape) {
    const clock = createFaultClock()
    const heat = createExcessHeat()
    return (frame) => {
      const { elapsed, step } = clock(frame.timeMs)
      const slip = developed(shape, (elapsed - start) / development, elapsed - start)
      const speedShare = clamp((frame.values[paths.rpm] ?? 0) / 2000, 0.4, 1)
      return heat(frame, slip * (0.5 + 0.5 * speedShare), step)
    }
  },
}
