import { row, type Signal } from '../signal.ts'

const share = [0, 100] as const
const powertrain = 'Vehicle.Powertrain'
const engine = `${powertrain}.CombustionEngine`
const filter = `${engine}.DieselParticulateFilter`
const transmission = `${powertrain}.Transmission`
const fuel = `${powertrain}.FuelSystem`

export const powertrainSignals: Signal[] = [
  row(`${engine}.Speed`, 'rpm', [0, 12_000], 'Engine speed'),
  row(`${engine}.EngineHours`, 'h', [0, 200_000], 'Hours run in the life of the engine'),
  row(`${engine}.IdleHours`, 'h', [0, 200_000], 'Hours idled in the life of the engine'),
  row(`${engine}.EOP`, 'kPa', [0, 1_500], 'Engine oil pressure'),
  row(`${engine}.MAP`, 'kPa', [0, 400], 'Intake manifold absolute pressure'),
  row(`${engine}.MAF`, 'g/s', [0, 700], 'Intake air mass flow'),
  row(`${engine}.TPS`, 'percent', share, 'Throttle position'),
  row(`${engine}.Power`, 'kW', [0, 2_000], 'Engine power'),
  row(`${engine}.Torque`, 'Nm', [-5_000, 10_000], 'Engine torque, negative while it brakes'),
  row(`${engine}.EngineOil.Temperature`, 'celsius', [-50, 200], 'Engine oil temperature', 5),
  row(`${engine}.EngineOil.LifeRemaining`, 's', [-3e8, 3e8], 'Time until the oil is due, negative when overdue'),
  row(
    `${engine}.EngineCoolant.Temperature`,
    'celsius',
    [-40, 160],
    'Engine coolant temperature at the outlet of the head',
    5,
  ),
  row(`${filter}.DeltaPressure`, 'Pa', [0, 60_000], 'Pressure drop over the particulate filter'),
  row(`${filter}.InletTemperature`, 'celsius', [-50, 1_200], 'Exhaust gas temperature before the particulate filter'),
  row(`${filter}.OutletTemperature`, 'celsius', [-50, 1_200], 'Exhaust gas temperature behind the particulate filter'),
  row(`${engine}.DieselExhaustFluid.Level`, 'percent', share, 'Exhaust fluid in its tank, of its capacity'),
  row(`${engine}.DieselExhaustFluid.Range`, 'm', [0, 100_000_000], 'Distance for which the exhaust fluid lasts'),
  row(`${fuel}.RelativeLevel`, 'percent', share, 'Fuel in the tank, of its capacity'),
  row(`${fuel}.AbsoluteLevel`, 'l', [0, 5_000], 'Fuel in the tank'),
  row(`${fuel}.Range`, 'm', [0, 10_000_000], 'Distance for which the fuel lasts'),
  row(`${transmission}.Temperature`, 'celsius', [-50, 200], 'Transmission oil temperature', 5),
  row(`${transmission}.ClutchWear`, 'percent', share, 'Clutch wear: 0 is new, 100 worn out'),
  row(`${transmission}.ClutchEngagement`, 'percent', share, 'Clutch engagement: 100 is closed'),
  row(`${transmission}.CurrentGear`, 'count', [-20, 30], 'Gear: 0 is neutral, negative is reverse'),
]
