const engine = 'Vehicle.Powertrain.CombustionEngine'
const wheels = ['Row1.Wheel.Left', 'Row1.Wheel.Right', 'Row2.Wheel.Left', 'Row2.Wheel.Right']

/** Older and overlay spellings of a signal that Pitcrew carries under another path, in the same unit. */
export const aliases: readonly (readonly [alias: string, path: string])[] = [
  [`${engine}.ECT`, `${engine}.EngineCoolant.Temperature`],
  [`${engine}.EOT`, `${engine}.EngineOil.Temperature`],
  ['Vehicle.OBD.CoolantTemperature', `${engine}.EngineCoolant.Temperature`],
  ['Vehicle.OBD.OilTemperature', `${engine}.EngineOil.Temperature`],
  ['Vehicle.OBD.EngineSpeed', `${engine}.Speed`],
  ['Vehicle.OBD.Speed', 'Vehicle.Speed'],
  ['Vehicle.OBD.MAP', `${engine}.MAP`],
  ['Vehicle.OBD.MAF', `${engine}.MAF`],
  ['Vehicle.OBD.ThrottlePosition', `${engine}.TPS`],
  ['Vehicle.OBD.FuelLevel', 'Vehicle.Powertrain.FuelSystem.RelativeLevel'],
  ['Vehicle.OBD.ControlModuleVoltage', 'Vehicle.LowVoltageBattery.CurrentVoltage'],
  ['Vehicle.OBD.AmbientAirTemperature', 'Vehicle.Exterior.AirTemperature'],
  // VSS 6.0 splits Tire.Temperature into that of the rubber and that of the air, which is the one that valve sensors measure.
  ...wheels.map(
    (wheel) =>
      [`Vehicle.Chassis.Axle.${wheel}.Tire.AirTemperature`, `Vehicle.Chassis.Axle.${wheel}.Tire.Temperature`] as const,
  ),
]
