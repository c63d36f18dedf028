import type { Signal } from '../signal.ts'

const wheels = ['Row1.Wheel.Left', 'Row1.Wheel.Right', 'Row2.Wheel.Left', 'Row2.Wheel.Right']

function wheelSignals(wheel: string): Signal[] {
  const path = `Vehicle.Chassis.Axle.${wheel}`
  return [
    { path: `${path}.Tire.Pressure`, unit: 'kPa', min: 0, max: 1_200, description: `Tyre pressure, ${wheel}` },
    {
      path: `${path}.Tire.Temperature`,
      unit: 'celsius',
      min: -50,
      max: 200,
      maxRatePerSecond: 5,
      description: `Tyre temperature, ${wheel}`,
    },
    {
      path: `${path}.Brake.PadWear`,
      unit: 'percent',
      min: 0,
      max: 100,
      description: `Brake pad wear, ${wheel}: 0 is new, 100 worn out`,
    },
    {
      path: `${path}.Brake.FluidLevel`,
      unit: 'percent',
      min: 0,
      max: 100,
      description: `Brake fluid level, ${wheel}`,
    },
  ]
}

export const vehicleSignals: Signal[] = [
  { path: 'Vehicle.Speed', unit: 'km/h', min: -50, max: 400, description: 'Vehicle speed, negative in reverse' },
  {
    path: 'Vehicle.TraveledDistance',
    unit: 'm',
    min: 0,
    max: 5_000_000_000,
    description: 'Odometer (metres since VSS 6.0)',
  },
  {
    path: 'Vehicle.LowVoltageBattery.CurrentVoltage',
    unit: 'V',
    min: 0,
    max: 36,
    description: 'Voltage of the low-voltage supply (12 V or 24 V systems)',
  },
  {
    path: 'Vehicle.LowVoltageBattery.CurrentCurrent',
    unit: 'A',
    min: -2_000,
    max: 2_000,
    description: 'Current of the low-voltage battery, positive while it is being charged',
  },
  {
    path: 'Vehicle.Exterior.AirTemperature',
    unit: 'celsius',
    min: -60,
    max: 70,
    maxRatePerSecond: 5,
    description: 'Ambient air temperature',
  },
  {
    path: 'Vehicle.Chassis.Accelerator.PedalPosition',
    unit: 'percent',
    min: 0,
    max: 100,
    description: 'Accelerator pedal position',
  },
  ...wheels.flatMap(wheelSignals),
]

/** Paths that carry codes, not numbers: `Frame.dtcs` holds them, never a reading. */
export const dtcListPath = 'Vehicle.Diagnostics.DTCList'
