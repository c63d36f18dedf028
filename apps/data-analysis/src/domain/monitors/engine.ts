import { hours } from '../interval.ts'
import type { Monitor } from '../monitor.ts'
import { isRunning, type Regime } from '../regime.ts'

const shortTrim = 'Vehicle.OBD.ShortTermFuelTrim1'
const longTrim = 'Vehicle.OBD.LongTermFuelTrim1'
const load = 'Vehicle.OBD.EngineLoad'
const rpm = 'Vehicle.Powertrain.CombustionEngine.Speed'
const oilPressure = 'Vehicle.Powertrain.CombustionEngine.EOP'
const oilTemperature = 'Vehicle.Powertrain.CombustionEngine.EngineOil.Temperature'
const rearCatalyst = 'Vehicle.OBD.Catalyst.Bank1.Temperature2'
const filterPressure = 'Vehicle.Powertrain.CombustionEngine.DieselParticulateFilter.DeltaPressure'
const days = 24

export const engineSignals: readonly string[] = [shortTrim, load]

/** Both trims together, while the mixture is controlled: not in the first minute, not at full load. */
function trim(values: Record<string, number>, regime: Regime): number {
  const short = values[shortTrim]
  const long = values[longTrim]
  if (short === undefined || long === undefined || !isRunning(regime) || (values[load] ?? 0) > 85) return NaN
  return short + long
}

const mixture = (direction: 'high' | 'low', name: string, description: string): Monitor => ({
  name,
  system: 'FUEL_AIR',
  signal: longTrim,
  description,
  alsoFits:
    direction === 'high'
      ? ['a weak fuel pump or clogged filter', 'an air-mass or oxygen sensor that reads low']
      : ['a leaking injector or too much fuel pressure', 'an air-mass or oxygen sensor that reads high'],
  direction,
  measure: trim,
  steady: (_, regime) => regime.runningSeconds > 90,
  expected: 0,
  // Ethanol blends and learned values move a healthy flex-fuel engine by this much.
  learn: { low: -3, high: 6 },
  sigma: direction === 'high' ? 3.2 : 4.2,
  tauSeconds: 60,
  limit: direction === 'high' ? 25 : -28,
  limitDwellSeconds: 60,
  trendBinSeconds: 20,
  untilLimit: hours(3 * days, 12 * days, 60 * days),
  afterLimit: hours(2 * days, 10 * days, 40 * days),
  weight: 1,
})

export const engineMonitors: Monitor[] = [
  mixture('high', 'trim-lean', 'fuel that both trims add (percent)'),
  mixture('low', 'trim-rich', 'fuel that both trims take away (percent)'),
  {
    name: 'catalyst-cold',
    system: 'EMISSIONS',
    signal: rearCatalyst,
    description: 'rear catalyst temperature relative to the front one while driving',
    alsoFits: ['a rear sensor that reads low', 'very short trips'],
    direction: 'low',
    measure: (values, regime) =>
      values[rearCatalyst] !== undefined &&
      regime.runningSeconds > 600 &&
      regime.warmSeconds > 240 &&
      regime.meanSpeed > 8 &&
      regime.catalystFront > 350 &&
      isRunning(regime)
        ? regime.catalystRear / regime.catalystFront
        : NaN,
    steady: (_, regime) => regime.runningSeconds > 600,
    expected: 0.74,
    learn: { low: 0.7, high: 0.9 },
    sigma: 0.024,
    tauSeconds: 30,
    limit: 0.48,
    limitDwellSeconds: 60,
    trendBinSeconds: 20,
    untilLimit: hours(10 * days, 40 * days, 150 * days),
    afterLimit: hours(15 * days, 60 * days, 240 * days),
    weight: 0.95,
  },
  {
    name: 'particulate-filter-loaded',
    system: 'EMISSIONS',
    signal: filterPressure,
    description: 'pressure drop over the particulate filter (Pa)',
    alsoFits: ['short trips without a regeneration'],
    direction: 'high',
    measure: (values, regime) => (isRunning(regime) ? (values[filterPressure] ?? NaN) : NaN),
    steady: () => true,
    expected: 4_000,
    learn: { low: 500, high: 8_000 },
    sigma: 2_000,
    tauSeconds: 120,
    limit: 22_000,
    limitDwellSeconds: 60,
    trendBinSeconds: 300,
    untilLimit: hours(4 * days, 15 * days, 60 * days),
    afterLimit: hours(days, 5 * days, 20 * days),
    weight: 0.9,
  },
  {
    name: 'oil-pressure-low',
    system: 'LUBRICATION',
    signal: oilPressure,
    description: 'oil pressure above idle speed (kPa)',
    alsoFits: ['a sensor or its plug', 'too little or too thin oil'],
    direction: 'low',
    measure: (values, regime) => (isRunning(regime) && (values[rpm] ?? 0) > 1_200 ? (values[oilPressure] ?? NaN) : NaN),
    steady: (_, regime) => regime.warmSeconds > 60,
    expected: 320,
    learn: { low: 220, high: 550 },
    sigma: 30,
    tauSeconds: 20,
    limit: 110,
    limitDwellSeconds: 5,
    trendBinSeconds: 15,
    untilLimit: hours(2, 24, 10 * days),
    afterLimit: hours(0, 0.2, 2),
    weight: 1,
  },
  {
    name: 'oil-hot',
    system: 'LUBRICATION',
    signal: oilTemperature,
    description: 'engine oil temperature (celsius)',
    alsoFits: ['long climbs at full load'],
    direction: 'high',
    measure: (values, regime) => (isRunning(regime) ? (values[oilTemperature] ?? NaN) : NaN),
    steady: (_, regime) => regime.warmSeconds > 300,
    expected: 98,
    learn: { low: 80, high: 115 },
    sigma: 5,
    tauSeconds: 30,
    limit: 145,
    limitDwellSeconds: 10,
    trendBinSeconds: 20,
    untilLimit: hours(4, 48, 15 * days),
    afterLimit: hours(0, 2, 24),
    weight: 1,
  },
]
