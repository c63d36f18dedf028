import { hours } from '../interval.ts'
import type { Monitor } from '../monitor.ts'
import { isRunning } from '../regime.ts'

const coolant = 'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature'
const days = 24

export const coolingMonitors: Monitor[] = [
  {
    name: 'coolant-hot',
    system: 'COOLING',
    signal: coolant,
    description: 'coolant temperature with the engine running (celsius)',
    alsoFits: ['great heat with slow traffic or a trailer', 'a coolant sensor that reads high'],
    direction: 'high',
    // The engine's heat soaks into standing coolant after a stop, so only a running engine is judged.
    measure: (values, regime) => (regime.phase !== 'off' && regime.runningSeconds > 5 ? (values[coolant] ?? NaN) : NaN),
    steady: (_, regime) => regime.warmSeconds > 60 && isRunning(regime),
    expected: 88,
    learn: { low: 80, high: 105 },
    // The radiator fan lets a healthy engine swing up to 97 degrees in slow traffic: that is within three sigmas.
    sigma: 3.1,
    tauSeconds: 20,
    limit: 115,
    limitDwellSeconds: 6,
    trendBinSeconds: 15,
    untilLimit: hours(0.5, 6, 72),
    afterLimit: hours(0, 0.2, 2),
    weight: 1,
  },
  {
    name: 'coolant-cold',
    system: 'COOLING',
    signal: coolant,
    description: 'coolant temperature of a warmed-up engine (celsius)',
    alsoFits: ['long descents in hard frost', 'a coolant sensor that reads low'],
    direction: 'low',
    // A quarter of an hour warms any engine that keeps its heat, even at idle.
    measure: (values, regime) =>
      isRunning(regime) && (regime.warmSeconds > 60 || regime.runningSeconds > 900) ? (values[coolant] ?? NaN) : NaN,
    steady: (_, regime) => regime.warmSeconds > 60,
    expected: 87,
    learn: { low: 78, high: 105 },
    sigma: 2,
    tauSeconds: 30,
    limit: 65,
    limitDwellSeconds: 60,
    trendBinSeconds: 15,
    untilLimit: hours(5 * days, 20 * days, 90 * days),
    afterLimit: hours(10 * days, 45 * days, 180 * days),
    weight: 1,
  },
]
