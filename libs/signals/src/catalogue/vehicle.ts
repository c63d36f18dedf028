import { row, type Signal } from '../signal.ts'

const share = [0, 100] as const

const wheels = ['Row1.Wheel.Left', 'Row1.Wheel.Right', 'Row2.Wheel.Left', 'Row2.Wheel.Right']

function wheelSignals(wheel: string): Signal[] {
  const path = `Vehicle.Chassis.Axle.${wheel}`
  return [
    row(`${path}.Tire.Pressure`, 'kPa', [0, 1_200], `Tyre pressure, ${wheel}`),
    row(`${path}.Tire.Temperature`, 'celsius', [-50, 200], `Tyre temperature, ${wheel}`, 5),
    row(`${path}.Brake.PadWear`, 'percent', share, `Brake pad wear, ${wheel}: 0 is new, 100 worn out`),
    row(`${path}.Brake.FluidLevel`, 'percent', share, `Brake fluid level, ${wheel}`),
    row(`${path}.Speed`, 'km/h', [-50, 400], `Speed of the wheel at its rim, ${wheel}`),
  ]
}

const acceleration = (axis: string, words: string) =>
  row(`Vehicle.Acceleration.${axis}`, 'm/s^2', [-100, 100], `Acceleration, ${words}`)

export const vehicleSignals: Signal[] = [
  row('Vehicle.Speed', 'km/h', [-50, 400], 'Vehicle speed, negative in reverse'),
  row('Vehicle.AverageSpeed', 'km/h', [0, 400], 'Average speed of the trip'),
  row('Vehicle.TraveledDistance', 'm', [0, 5_000_000_000], 'Odometer (metres since VSS 6.0)'),
  row('Vehicle.TraveledDistanceSinceStart', 'm', [0, 5_000_000_000], 'Distance of the trip (metres since VSS 6.0)'),
  row('Vehicle.CurrentOverallWeight', 'kg', [0, 100_000], 'Weight of vehicle and load'),
  acceleration('Longitudinal', 'positive forwards'),
  acceleration('Lateral', 'positive to the left'),
  acceleration('Vertical', 'positive upwards'),
  row('Vehicle.AngularVelocity.Yaw', 'degrees/s', [-360, 360], 'Turning rate about the vertical axis'),
  row(
    'Vehicle.LowVoltageBattery.CurrentVoltage',
    'V',
    [0, 36],
    'Voltage of the low-voltage supply (12 V or 24 V systems)',
  ),
  row(
    'Vehicle.LowVoltageBattery.CurrentCurrent',
    'A',
    [-2_000, 2_000],
    'Current of the low-voltage battery, positive while it is being charged',
  ),
  row('Vehicle.Exterior.AirTemperature', 'celsius', [-60, 70], 'Ambient air temperature', 5),
  row('Vehicle.Exterior.Humidity', 'percent', share, 'Relative humidity of the ambient air'),
  row('Vehicle.Cabin.HVAC.AmbientAirTemperature', 'celsius', [-60, 100], 'Air temperature in the cabin', 5),
  row('Vehicle.Chassis.Accelerator.PedalPosition', 'percent', share, 'Accelerator pedal position'),
  row('Vehicle.Chassis.Brake.PedalPosition', 'percent', share, 'Brake pedal position'),
  row('Vehicle.Chassis.SteeringWheel.Angle', 'degrees', [-2_000, 2_000], 'Steering wheel angle, positive to the left'),
  row('Vehicle.Chassis.Axle.Row1.Weight', 'kg', [0, 50_000], 'Load on the first axle'),
  row('Vehicle.Chassis.Axle.Row2.Weight', 'kg', [0, 50_000], 'Load on the second axle'),
  ...wheels.flatMap(wheelSignals),
]

/** Paths that carry codes, not numbers: `Frame.dtcs` holds them, never a reading. */
export const dtcListPath = 'Vehicle.Diagnostics.DTCList'
