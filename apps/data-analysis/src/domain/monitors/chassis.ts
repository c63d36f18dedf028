import { hours } from '../interval.ts'
import type { Monitor } from '../monitor.ts'

const wheels = ['Row1.Wheel.Left', 'Row1.Wheel.Right', 'Row2.Wheel.Left', 'Row2.Wheel.Right']
const transmission = 'Vehicle.Powertrain.Transmission.Temperature'
const clutch = 'Vehicle.Powertrain.Transmission.ClutchWear'
const days = 24

const always = () => true
const reading = (path: string) => (values: Record<string, number>) => values[path] ?? NaN

function wheelMonitors(wheel: string): Monitor[] {
  const pressure = `Vehicle.Chassis.Axle.${wheel}.Tire.Pressure`
  const pads = `Vehicle.Chassis.Axle.${wheel}.Brake.PadWear`
  const fluid = `Vehicle.Chassis.Axle.${wheel}.Brake.FluidLevel`
  return [
    {
      name: `tyre-pressure-low:${wheel}`,
      system: 'TYRES',
      signal: pressure,
      description: `tyre pressure, ${wheel} (kPa)`,
      alsoFits: ['a sudden fall of the temperature outside'],
      direction: 'low',
      measure: reading(pressure),
      steady: always,
      expected: 230,
      learn: { low: 200, high: 900 },
      sigma: 10,
      tauSeconds: 30,
      limit: 160,
      limitDwellSeconds: 30,
      trendBinSeconds: 60,
      untilLimit: hours(12, 5 * days, 30 * days),
      afterLimit: hours(0.5, 8, 3 * days),
      weight: 1,
    },
    {
      name: `pads-worn:${wheel}`,
      system: 'BRAKES',
      signal: pads,
      description: `brake pad wear, ${wheel} (percent)`,
      direction: 'high',
      measure: reading(pads),
      steady: always,
      expected: 0,
      learn: 'never',
      sigma: 20,
      tauSeconds: 60,
      limit: 95,
      limitDwellSeconds: 60,
      trendBinSeconds: 6 * 3_600,
      untilLimit: hours(8 * days, 25 * days, 90 * days),
      afterLimit: hours(days, 5 * days, 20 * days),
      weight: 1,
    },
    {
      name: `brake-fluid-low:${wheel}`,
      system: 'BRAKES',
      signal: fluid,
      description: `brake fluid level, ${wheel} (percent)`,
      direction: 'low',
      measure: reading(fluid),
      steady: always,
      expected: 95,
      learn: 'never',
      sigma: 7,
      tauSeconds: 60,
      limit: 50,
      limitDwellSeconds: 20,
      trendBinSeconds: 300,
      untilLimit: hours(12, 4 * days, 20 * days),
      afterLimit: hours(0.5, 6, 2 * days),
      weight: 1,
    },
  ]
}

export const chassisMonitors: Monitor[] = [
  ...wheels.flatMap(wheelMonitors),
  {
    name: 'transmission-hot',
    system: 'TRANSMISSION',
    signal: transmission,
    description: 'transmission oil temperature (celsius)',
    alsoFits: ['a trailer on long climbs'],
    direction: 'high',
    measure: reading(transmission),
    steady: always,
    expected: 88,
    learn: { low: 60, high: 105 },
    sigma: 5,
    tauSeconds: 30,
    limit: 135,
    limitDwellSeconds: 15,
    trendBinSeconds: 20,
    untilLimit: hours(12, 4 * days, 20 * days),
    afterLimit: hours(1, 12, 5 * days),
    weight: 1,
  },
  {
    name: 'clutch-worn',
    system: 'TRANSMISSION',
    signal: clutch,
    description: 'clutch wear (percent)',
    direction: 'high',
    measure: reading(clutch),
    steady: always,
    expected: 0,
    learn: 'never',
    sigma: 20,
    tauSeconds: 60,
    limit: 95,
    limitDwellSeconds: 60,
    trendBinSeconds: 6 * 3_600,
    untilLimit: hours(10 * days, 30 * days, 120 * days),
    afterLimit: hours(2 * days, 10 * days, 40 * days),
    weight: 1,
  },
]
