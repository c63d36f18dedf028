import { developed, developments } from './development.ts'
import { clamp, limitOf, onset, paths, withChanges, type Fault } from './fault.ts'
import { createCodeLatch, createFaultClock } from './fault-clock.ts'

export const alternator: Fault = {
  name: 'alternator',
  system: 'CHARGING',
  description:
    'The brushes of the alternator are worn, so its field current and output fade. The supply voltage leaves its ' +
    'regulated level and sinks towards that of the battery, at idle before at speed; once the alternator carries less ' +
    'than the car uses, the battery empties and voltage falls on. The ECU sets P0562 after 30 s below 11.5 V, and the ' +
    'engine stops soon after.',
  limit: limitOf(paths.voltage, 'below', 12.2),
  parameters: {
    onset,
    development: { unit: 's', description: 'From full output to none', default: 1200 },
    dischargePerHour: {
      unit: 'V/h',
      description: 'Fall of the battery voltage while it alone feeds the car',
      default: 3,
    },
  },
  developments,
  overlay({ onset: start = 0, development = 1, dischargePerHour = 0 }, shape) {
    const clock = createFaultClock()
    const lowSupply = createCodeLatch('P0562', 30)
    let battery = 12.4
    return (frame) => {
      const { elapsed, step } = clock(frame.timeMs)
      const base = frame.values[paths.voltage]
      const rpm = frame.values[paths.rpm] ?? 0
      if (base === undefined || elapsed < start || rpm < 400) return frame
      const output = 1 - developed(shape, (elapsed - start) / development, elapsed - start)
      const carried = clamp(output * (0.85 + 0.3 * clamp(rpm / 2000, 0, 1)), 0, 1)
      if (carried < 0.4) battery = Math.max(battery - ((0.4 - carried) * 2.5 * dischargePerHour * step) / 3600, 9)
      const voltage = base <= battery ? Math.min(base, battery) : battery + (base - battery) * carried
      return withChanges(frame, { [paths.voltage]: voltage }, lowSupply(voltage < 11.5, step))
    }
  },
}
