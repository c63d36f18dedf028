import { developed, developments } from './development.ts'
import { clamp, limitOf, onset, paths, withChanges, type Fault } from './fault.ts'
import { createCodeLatch, createFaultClock } from './fault-clock.ts'

/** Consumers that a driver never notices: radiator fan, rear window, brake lights. Period, on-time (s) and current (A). */
const consumers = [
  { period: 47, on: 17, amperes: 9 },
  { period: 29, on: 7, amperes: 6 },
  { period: 13, on: 3, amperes: 4 },
]
const starterAmperes = 120

const switchedLoad = (elapsed: number) =>
  consumers.reduce((sum, { period, on, amperes }) => sum + (elapsed % period < on ? amperes : 0), 0)

export const batteryDecay: Fault = {
  name: 'battery-decay',
  system: 'BATTERY',
  description:
    'Sulphation raises the internal resistance of the battery and takes its capacity. It can no longer buffer: at idle, ' +
    'where the alternator has no reserve, each consumer that switches on pulls the supply voltage down by its current ' +
    'times the added resistance; at higher engine speed the regulator hides most of it. Cranking dips deeper and the rest ' +
    'voltage is lower. Between the dips the regulated voltage is normal, which is how it differs from a weak alternator. ' +
    'Control units set U3003 when the supply has been below 11.5 V for four seconds.',
  limit: limitOf(paths.voltage, 'below', 11.5),
  parameters: {
    onset: { ...onset, default: 120 },
    development: { unit: 's', description: 'Time in which the resistance grows to its end value', default: 1500 },
    resistance: { unit: 'ohm', description: 'Resistance that is added in the end', default: 0.15 },
    initial: {
      unit: 'share of the end value',
      description: 'How far the battery has aged at the first frame',
      default: 0.1,
    },
  },
  developments,
  overlay({ onset: start = 0, development = 1, resistance = 0, initial = 0 }, shape) {
    const clock = createFaultClock()
    const lowSupply = createCodeLatch('U3003', 4)
    return (frame) => {
      const { elapsed, step } = clock(frame.timeMs)
      const base = frame.values[paths.voltage]
      if (base === undefined) return frame
      const aged = developed(shape, (elapsed - start) / development, elapsed - start)
      const added = resistance * (initial + (1 - initial) * aged)
      const rpm = frame.values[paths.rpm] ?? 0
      const alternatorReserve = clamp((rpm - 900) / 900, 0, 0.8)
      const sag =
        rpm < 400 ? added * (base < 12 ? starterAmperes : 5) : added * switchedLoad(elapsed) * (1 - alternatorReserve)
      const voltage = Math.max(base - sag, 5)
      return withChanges(frame, { [paths.voltage]: voltage }, lowSupply(voltage < 11.5 && rpm > 400, step))
    }
  },
}
