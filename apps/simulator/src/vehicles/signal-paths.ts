const engine = 'Vehicle.Powertrain.CombustionEngine'
const wheel = (name: string) => `Vehicle.Chassis.Axle.${name}`

/** The signals that a synthetic vehicle has sensors for. */
export const paths = {
  speed: 'Vehicle.Speed',
  odometer: 'Vehicle.TraveledDistance',
  rpm: `${engine}.Speed`,
  coolant: `${engine}.EngineCoolant.Temperature`,
  oilTemperature: `${engine}.EngineOil.Temperature`,
  oilPressure: `${engine}.EOP`,
  map: `${engine}.MAP`,
  maf: `${engine}.MAF`,
  throttle: `${engine}.TPS`,
  load: 'Vehicle.OBD.EngineLoad',
  shortTrim: 'Vehicle.OBD.ShortTermFuelTrim1',
  longTrim: 'Vehicle.OBD.LongTermFuelTrim1',
  timing: 'Vehicle.OBD.TimingAdvance',
  intake: 'Vehicle.OBD.IntakeTemp',
  runTime: 'Vehicle.OBD.RunTime',
  barometer: 'Vehicle.OBD.BarometricPressure',
  catalystFront: 'Vehicle.OBD.Catalyst.Bank1.Temperature1',
  catalystRear: 'Vehicle.OBD.Catalyst.Bank1.Temperature2',
  voltage: 'Vehicle.LowVoltageBattery.CurrentVoltage',
  ambient: 'Vehicle.Exterior.AirTemperature',
  fuel: 'Vehicle.Powertrain.FuelSystem.RelativeLevel',
  tyres: ['Row1.Wheel.Left', 'Row1.Wheel.Right', 'Row2.Wheel.Left', 'Row2.Wheel.Right'].map(
    (name) => `${wheel(name)}.Tire.Pressure`,
  ),
  pads: ['Row1.Wheel.Left', 'Row1.Wheel.Right'].map((name) => `${wheel(name)}.Brake.PadWear`),
} as const
