import { developed } from './development.ts'
import { onset, paths, quantise, withChanges, type Fault } from './fault.ts'
import { createCodeLatch, createFaultClock } from './fault-clock.ts'

/** Light-off: below this front temperature (celsius) no catalyst converts, worn or not. */
const lightOff = 300

/** Share of the front temperature that the rear one has when the ECU concludes. */
const threshold = 0.48

function isInefficient(values: Record<string, number>): boolean {
  const front = values[paths.catalystFront] ?? 0
  const rear = values[paths.catalystRear] ?? front
  return front >= lightOff && (values[paths.speed] ?? 0) > 5 && rear < threshold * front
}

export const catalyst: Fault = {
  name: 'catalyst',
  system: 'EMISSIONS',
  description:
    'The catalyst is poisoned or sintered and converts less. Oxidation no longer heats its rear half, so the rear ' +
    'temperature falls behind the front one while the engine runs as before. The ECU sets P0420 after a minute in which ' +
    'the rear is below 0.48 of the front, warm and driving.',
  limit: {
    description: `rear temperature below ${threshold} of the front one, warm and driving: where the ECU calls it inefficient`,
    crossed: isInefficient,
    // Just after the start, and after a stop, the rear of a good catalyst is cold as well.
    holdSeconds: 20,
  },
  parameters: {
    onset: { ...onset, default: 660 },
    development: { unit: 's', description: 'From a good catalyst to a dead one', default: 900 },
    loss: { unit: 'share of the rear temperature', description: 'What the exotherm contributed', default: 0.45 },
  },
  developments: ['linear', 'exponential', 'step-then-drift'],
  overlay({ onset: start = 0, development = 1, loss = 0 }, shape) {
    const clock = createFaultClock()
    const inefficient = createCodeLatch('P0420', 60)
    return (frame) => {
      const { elapsed, step } = clock(frame.timeMs)
      const front = frame.values[paths.catalystFront]
      const rear = frame.values[paths.catalystRear]
      if (front === undefined || rear === undefined || elapsed < start || front < lightOff) return frame
      const worn = developed(shape, (elapsed - start) / development, elapsed - start)
      const cooled = quantise(rear * (1 - loss * worn), 0.1)
      const driving = (frame.values[paths.speed] ?? 0) > 5
      const bad = isInefficient({ ...frame.values, [paths.catalystRear]: cooled })
      const code = inefficient(bad || !driving, bad ? step : 0)
      return withChanges(frame, { [paths.catalystRear]: cooled }, code)
    }
  },
}
