import { hours } from '../interval.ts'
import type { Monitor } from '../monitor.ts'
import { isRunning } from '../regime.ts'

const voltage = 'Vehicle.LowVoltageBattery.CurrentVoltage'
const stateOfHealth = 'Vehicle.Powertrain.TractionBattery.StateOfHealth'
const cellTemperature = 'Vehicle.Powertrain.TractionBattery.Temperature.Max'
const days = 24

/** The thresholds are those of 12 V systems: a 24 V one is not judged by them. */
const only12V = (value: number) => (value > 5 && value < 18 ? value : NaN)

/** Regulation needs a while after the start: the battery takes back what the starter took. */
const regulated = { settled: 90 }

export const electricalMonitors: Monitor[] = [
  {
    name: 'charging-low',
    system: 'CHARGING',
    signal: voltage,
    description: 'supply voltage that the alternator holds between load dips (V)',
    alsoFits: ['more consumers on than the alternator carries at idle', 'a corroded ground or battery terminal'],
    direction: 'low',
    measure: (values, regime) =>
      values[voltage] !== undefined && isRunning(regime) ? only12V(regime.supplyEnvelope) : NaN,
    steady: (_, regime) => regime.runningSeconds > regulated.settled,
    expected: 13.7,
    learn: { low: 13.3, high: 13.8 },
    sigma: 0.17,
    tauSeconds: 15,
    limit: 12.2,
    limitDwellSeconds: 20,
    trendBinSeconds: 20,
    untilLimit: hours(6, 48, 240),
    afterLimit: hours(0.3, 2, 8),
    weight: 1,
  },
  {
    name: 'charging-high',
    system: 'CHARGING',
    signal: voltage,
    description: 'supply voltage with the engine running (V)',
    alsoFits: ['a smart alternator that recuperates'],
    direction: 'high',
    measure: (values, regime) => (isRunning(regime) ? only12V(values[voltage] ?? NaN) : NaN),
    steady: (_, regime) => regime.runningSeconds > regulated.settled,
    expected: 13.8,
    learn: { low: 13.6, high: 14.6 },
    sigma: 0.25,
    tauSeconds: 30,
    limit: 15.6,
    limitDwellSeconds: 20,
    trendBinSeconds: 20,
    untilLimit: hours(24, 4 * days, 20 * days),
    afterLimit: hours(2, 24, 5 * days),
    weight: 1,
  },
  {
    name: 'battery-sag',
    system: 'BATTERY',
    signal: voltage,
    description: 'load dips of the supply voltage that the battery should buffer (V, root mean square)',
    alsoFits: ['a loose battery terminal', 'a strong consumer that switches often'],
    direction: 'high',
    measure: (values, regime) =>
      values[voltage] !== undefined && isRunning(regime) && regime.supplyEnvelope < 18
        ? Math.sqrt(regime.supplyDip)
        : NaN,
    steady: (_, regime) => regime.runningSeconds > regulated.settled,
    expected: 0.12,
    learn: { low: 0.05, high: 0.2 },
    sigma: 0.09,
    tauSeconds: 10,
    limit: 1.3,
    limitDwellSeconds: 20,
    trendBinSeconds: 30,
    untilLimit: hours(2 * days, 10 * days, 45 * days),
    afterLimit: hours(days, 6 * days, 30 * days),
    weight: 1,
  },
  {
    name: 'battery-dip',
    system: 'BATTERY',
    signal: voltage,
    description: 'depth of the deepest load dips of the last minutes (V)',
    alsoFits: ['a loose battery terminal', 'a strong consumer that switches often'],
    direction: 'high',
    measure: (values, regime) =>
      values[voltage] !== undefined && isRunning(regime) && regime.supplyEnvelope < 18
        ? regime.supplyEnvelope - regime.supplyFloor
        : NaN,
    steady: (_, regime) => regime.runningSeconds > regulated.settled,
    expected: 0.4,
    learn: { low: 0.2, high: 0.5 },
    sigma: 0.24,
    tauSeconds: 15,
    limit: 2.2,
    limitDwellSeconds: 10,
    trendBinSeconds: 30,
    untilLimit: hours(2 * days, 10 * days, 45 * days),
    afterLimit: hours(days, 6 * days, 30 * days),
    weight: 0.8,
  },
  {
    name: 'battery-crank',
    system: 'BATTERY',
    signal: voltage,
    description: 'lowest supply voltage around the engine start (V)',
    direction: 'low',
    // The dip lasts less than a poll takes, so one start proves nothing: it supports other evidence only.
    measure: (_, regime) =>
      regime.phase === 'starting' && regime.runningSeconds >= 5 && regime.crankVoltage > 0
        ? only12V(regime.crankVoltage)
        : NaN,
    steady: () => false,
    expected: 10.6,
    learn: 'never',
    sigma: 0.5,
    tauSeconds: 5,
    limit: 7.2,
    limitDwellSeconds: 10,
    trendBinSeconds: 3_600,
    untilLimit: hours(3 * days, 14 * days, 60 * days),
    afterLimit: hours(days, 6 * days, 30 * days),
    weight: 0.55,
  },
  {
    name: 'battery-rest',
    system: 'BATTERY',
    signal: voltage,
    description: 'supply voltage with the engine off (V)',
    alsoFits: ['a consumer left on overnight', 'weeks of standing'],
    direction: 'low',
    measure: (values, regime) =>
      regime.phase === 'off' && regime.offSeconds > 30 ? only12V(values[voltage] ?? NaN) : NaN,
    steady: () => false,
    expected: 12.3,
    learn: 'never',
    sigma: 0.2,
    tauSeconds: 20,
    limit: 11,
    limitDwellSeconds: 30,
    trendBinSeconds: 3_600,
    untilLimit: hours(2 * days, 10 * days, 45 * days),
    afterLimit: hours(days / 2, 4 * days, 20 * days),
    weight: 0.9,
  },
  {
    name: 'traction-battery-worn',
    system: 'BATTERY',
    signal: stateOfHealth,
    description: 'state of health of the traction battery (percent)',
    direction: 'low',
    measure: (values) => values[stateOfHealth] ?? NaN,
    steady: () => true,
    expected: 95,
    learn: 'never',
    sigma: 5.5,
    tauSeconds: 3_600,
    limit: 65,
    limitDwellSeconds: 60,
    trendBinSeconds: 6 * 3_600,
    untilLimit: hours(30 * days, 120 * days, 500 * days),
    afterLimit: hours(20 * days, 90 * days, 400 * days),
    weight: 0.9,
  },
  {
    name: 'traction-battery-hot',
    system: 'BATTERY',
    signal: cellTemperature,
    description: 'hottest cell of the traction battery (celsius)',
    direction: 'high',
    measure: (values) => values[cellTemperature] ?? NaN,
    steady: () => true,
    expected: 32,
    learn: { low: 15, high: 42 },
    sigma: 4,
    tauSeconds: 30,
    limit: 62,
    limitDwellSeconds: 15,
    trendBinSeconds: 30,
    untilLimit: hours(2, 24, 10 * days),
    afterLimit: hours(0, 1, 12),
    weight: 1,
  },
]
