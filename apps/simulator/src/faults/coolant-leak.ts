import { developed } from './development.ts'
import { clamp, limitOf, onset, paths, type Fault } from './fault.ts'
import { createFaultClock } from './fault-clock.ts'
import { createExcessHeat } from './excess-heat.ts'

/** With this share of the filling gone nothing circulates any more. */
const dry = 0.5

export const coolantLeak: Fault = {
  name: 'coolant-leak',
  system: 'COOLING',
  description:
    'A hose or the radiator leaks at a steady rate. The expansion tank hides the first part of the loss. After that the ' +
    'pump draws air, so a growing share of the heat stays in the engine: coolant temperature leaves its regulated level, ' +
    'first under load, then always, and keeps rising. The fan runs for longer (supply voltage -0.12 V), intake air warms, ' +
    'and at 118 degrees the ECU sets P0217.',
  limit: limitOf(paths.coolant, 'above', 115),
  parameters: {
    onset,
    lossPerHour: { unit: 'share of the filling per hour', description: 'Rate of the leak', default: 1.5 },
    reserve: { unit: 'share of the filling', description: 'Loss that the expansion tank covers', default: 0.08 },
  },
  developments: ['linear', 'exponential', 'step-then-drift'],
  overlay({ onset: start = 0, lossPerHour = 0, reserve = 0 }, shape) {
    const clock = createFaultClock()
    const heat = createExcessHeat()
    return (frame) => {
      const { elapsed, step } = clock(frame.timeMs)
      const lost = dry * developed(shape, ((elapsed - start) / 3600) * (lossPerHour / dry), elapsed - start)
      return heat(frame, clamp((lost - reserve) / (dry - reserve), 0, 1), step)
    }
  },
}
