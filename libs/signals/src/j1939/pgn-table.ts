/**
 * The parameter groups of SAE J1939-71 (J1939DA) that carry signals of the catalogue: where in the message each SPN stands and
 * what a bit of it is worth. To add one: a row here, and its path in the catalogue if it is new.
 */
import type { Unit } from '../units.ts'
import type { Pgn, Spn } from './spn.ts'

const engine = 'Vehicle.Powertrain.CombustionEngine'
const transmission = 'Vehicle.Powertrain.Transmission'
const truck = 'Vehicle.Overlay.Truck'
const axle = 'Vehicle.Chassis.Axle'

type Scale = readonly [length: 1 | 2 | 4, scale: number, offset: number, unit: Unit]

/** The standard's recurring scalings (SLOTs). */
const temperature1: Scale = [1, 1, -40, 'celsius']
const temperature2: Scale = [2, 0.03125, -273, 'celsius']
const percent: Scale = [1, 0.4, 0, 'percent']
const wholePercent: Scale = [1, 1, 0, 'percent']
const rpm: Scale = [2, 0.125, 0, 'rpm']
const speed: Scale = [2, 1 / 256, 0, 'km/h']
const volts: Scale = [2, 0.05, 0, 'V']
const hours: Scale = [4, 0.05, 0, 'h']
const kPa = (each: number): Scale => [1, each, 0, 'kPa']

const spn = (number: number, byte: number, [length, scale, offset, unit]: Scale, path: string): Spn => ({
  ...{ spn: number, byte, length, scale, offset, unit, path },
})

const group = (pgn: number, name: string, ...spns: Spn[]): Pgn => ({ pgn, name, spns })

export const pgns: readonly Pgn[] = [
  group(61_441, 'EBC1', spn(521, 2, percent, 'Vehicle.Chassis.Brake.PedalPosition')),
  group(61_442, 'ETC1', spn(191, 2, rpm, `${truck}.OutputShaftSpeed`), spn(522, 4, percent, `${truck}.ClutchSlip`)),
  group(
    61_443,
    'EEC2',
    spn(91, 2, percent, 'Vehicle.Chassis.Accelerator.PedalPosition'),
    spn(92, 3, wholePercent, 'Vehicle.OBD.EngineLoad'),
  ),
  group(
    61_444,
    'EEC1',
    spn(513, 3, [1, 1, -125, 'percent'], `${truck}.EngineTorquePercent`),
    spn(190, 4, rpm, `${engine}.Speed`),
  ),
  group(61_445, 'ETC2', spn(523, 4, [1, 1, -125, 'count'], `${transmission}.CurrentGear`)),
  group(
    64_891,
    'AT1S1',
    spn(3719, 1, wholePercent, `${truck}.ParticulateFilterSootLoad`),
    spn(3720, 2, wholePercent, `${truck}.ParticulateFilterAshLoad`),
  ),
  group(64_946, 'AT1IMG', spn(3251, 5, [2, 0.1, 0, 'kPa'], `${engine}.DieselParticulateFilter.DeltaPressure`)),
  group(64_947, 'AT1OG2', spn(3246, 3, temperature2, `${engine}.DieselParticulateFilter.OutletTemperature`)),
  group(64_948, 'AT1IG2', spn(3242, 3, temperature2, `${engine}.DieselParticulateFilter.InletTemperature`)),
  group(64_976, 'IC2', spn(3563, 5, kPa(2), `${engine}.MAP`)),
  group(
    65_110,
    'AT1T1I',
    spn(1761, 1, percent, `${engine}.DieselExhaustFluid.Level`),
    spn(3031, 2, temperature1, `${truck}.ExhaustFluidTemperature`),
  ),
  group(65_132, 'TCO1', spn(1624, 7, speed, 'Vehicle.Speed')),
  group(65_136, 'CVW', spn(1585, 1, [2, 10, 0, 'kg'], 'Vehicle.CurrentOverallWeight')),
  group(
    65_196,
    'EBC4',
    // The standard counts the lining that is left, VSS what is worn.
    ...[`Row1.Wheel.Left`, `Row1.Wheel.Right`, `Row2.Wheel.Left`, `Row2.Wheel.Right`].map((wheel, index) =>
      spn(1099 + index, 1 + index, [1, -0.4, 100, 'percent'], `${axle}.${wheel}.Brake.PadWear`),
    ),
  ),
  group(
    65_198,
    'AIR1',
    spn(1087, 3, kPa(8), `${truck}.ServiceBrakePressure1`),
    spn(1088, 4, kPa(8), `${truck}.ServiceBrakePressure2`),
  ),
  group(65_213, 'FD', spn(1639, 3, rpm, `${truck}.FanSpeed`)),
  group(
    65_217,
    'VDHR',
    spn(917, 1, [4, 5, 0, 'm'], 'Vehicle.TraveledDistance'),
    spn(918, 5, [4, 5, 0, 'm'], 'Vehicle.TraveledDistanceSinceStart'),
  ),
  group(65_243, 'EFL/P2', spn(157, 3, [2, 1 / 256, 0, 'MPa'], 'Vehicle.OBD.FuelRailPressureAbsolute')),
  group(65_244, 'IO', spn(235, 5, hours, `${engine}.IdleHours`)),
  group(65_248, 'VD', spn(245, 5, [4, 0.125, 0, 'km'], 'Vehicle.TraveledDistance')),
  group(65_253, 'HOURS', spn(247, 1, hours, `${engine}.EngineHours`)),
  group(
    65_262,
    'ET1',
    spn(110, 1, temperature1, `${engine}.EngineCoolant.Temperature`),
    spn(174, 2, temperature1, `${truck}.FuelTemperature`),
    spn(175, 3, temperature2, `${engine}.EngineOil.Temperature`),
    spn(176, 5, temperature2, `${truck}.TurboOilTemperature`),
    spn(52, 7, temperature1, `${truck}.IntercoolerTemperature`),
  ),
  group(
    65_263,
    'EFL/P1',
    spn(94, 1, kPa(4), `${truck}.FuelDeliveryPressure`),
    spn(98, 3, percent, `${truck}.EngineOilLevel`),
    spn(100, 4, kPa(4), `${engine}.EOP`),
    spn(101, 5, [2, 1 / 128, -250, 'kPa'], `${truck}.CrankcasePressure`),
    spn(109, 7, kPa(2), `${truck}.CoolantPressure`),
    spn(111, 8, percent, `${truck}.CoolantLevel`),
  ),
  group(65_265, 'CCVS1', spn(84, 2, speed, 'Vehicle.Speed')),
  group(65_266, 'LFE1', spn(183, 1, [2, 0.05, 0, 'l/h'], 'Vehicle.OBD.FuelRate'), spn(51, 7, percent, `${engine}.TPS`)),
  group(
    65_269,
    'AMB',
    spn(108, 1, kPa(0.5), 'Vehicle.OBD.BarometricPressure'),
    spn(171, 4, temperature2, 'Vehicle.Exterior.AirTemperature'),
    spn(172, 6, temperature1, 'Vehicle.OBD.IntakeTemp'),
  ),
  group(
    65_270,
    'IC1',
    spn(102, 2, kPa(2), `${truck}.BoostPressure`),
    spn(105, 3, temperature1, `${truck}.IntakeManifoldTemperature`),
    spn(107, 5, kPa(0.05), `${truck}.AirFilterDeltaPressure`),
    spn(173, 6, temperature2, `${truck}.ExhaustGasTemperature`),
  ),
  group(
    65_271,
    'VEP1',
    spn(114, 1, [1, 1, -125, 'A'], 'Vehicle.LowVoltageBattery.CurrentCurrent'),
    spn(115, 2, [1, 1, 0, 'A'], `${truck}.AlternatorCurrent`),
    spn(167, 3, volts, `${truck}.ChargingVoltage`),
    spn(168, 5, volts, 'Vehicle.LowVoltageBattery.CurrentVoltage'),
  ),
  group(
    65_272,
    'TRF1',
    spn(124, 2, percent, `${truck}.TransmissionOilLevel`),
    spn(127, 4, kPa(16), `${truck}.TransmissionOilPressure`),
    spn(177, 5, temperature2, `${transmission}.Temperature`),
  ),
  group(
    65_276,
    'DD1',
    spn(96, 2, percent, 'Vehicle.Powertrain.FuelSystem.RelativeLevel'),
    spn(95, 3, kPa(2), `${truck}.FuelFilterDeltaPressure`),
    spn(99, 4, kPa(0.5), `${truck}.OilFilterDeltaPressure`),
  ),
]
