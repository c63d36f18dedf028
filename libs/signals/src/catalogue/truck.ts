import { row, type Signal } from '../signal.ts'
import type { Unit } from '../units.ts'

const truck = (
  name: string,
  unit: Unit,
  range: readonly [number, number],
  description: string,
  rate?: number,
): Signal => row(`Vehicle.Overlay.Truck.${name}`, unit, range, description, rate)

const share = [0, 100] as const

/** Signals that SAE J1939 carries and VSS 6.0 has no path for. */
export const truckSignals: Signal[] = [
  truck('EngineTorquePercent', 'percent', [-125, 125], 'Engine torque, of the reference torque'),
  truck('EngineOilLevel', 'percent', share, 'Engine oil level'),
  truck('CoolantLevel', 'percent', share, 'Coolant level'),
  truck('CoolantPressure', 'kPa', [0, 500], 'Coolant pressure'),
  truck('CrankcasePressure', 'kPa', [-250, 252], 'Crankcase pressure against ambient'),
  truck('BoostPressure', 'kPa', [0, 500], 'Intake manifold pressure against ambient'),
  truck('IntakeManifoldTemperature', 'celsius', [-40, 210], 'Intake manifold temperature', 20),
  truck('IntercoolerTemperature', 'celsius', [-40, 210], 'Intercooler temperature', 20),
  truck('TurboOilTemperature', 'celsius', [-50, 300], 'Oil temperature of the turbocharger', 20),
  truck('AirFilterDeltaPressure', 'kPa', [0, 12.5], 'Pressure drop over the air filter'),
  truck('OilFilterDeltaPressure', 'kPa', [0, 125], 'Pressure drop over the oil filter'),
  truck('FuelFilterDeltaPressure', 'kPa', [0, 500], 'Pressure drop over the fuel filter'),
  truck('FuelDeliveryPressure', 'kPa', [0, 1_000], 'Fuel pressure between lift pump and injection'),
  truck('FuelTemperature', 'celsius', [-40, 210], 'Fuel temperature', 5),
  truck('ExhaustGasTemperature', 'celsius', [-50, 1_200], 'Exhaust gas temperature'),
  truck('ParticulateFilterSootLoad', 'percent', [0, 250], 'Soot in the particulate filter: 100 is full'),
  truck('ParticulateFilterAshLoad', 'percent', [0, 250], 'Ash in the particulate filter: 100 is full'),
  truck('ExhaustFluidTemperature', 'celsius', [-40, 120], 'Exhaust fluid temperature in its tank', 5),
  truck('AlternatorCurrent', 'A', [0, 500], 'Alternator current'),
  truck('ChargingVoltage', 'V', [0, 40], 'Voltage of the charging system'),
  truck('FanSpeed', 'rpm', [0, 8_032], 'Radiator fan speed'),
  truck('ClutchSlip', 'percent', share, 'Slip of the clutch or the torque converter'),
  truck('OutputShaftSpeed', 'rpm', [0, 8_032], 'Transmission output shaft speed'),
  truck('TransmissionOilLevel', 'percent', share, 'Transmission oil level'),
  truck('TransmissionOilPressure', 'kPa', [0, 4_000], 'Transmission oil pressure'),
  truck('ServiceBrakePressure1', 'kPa', [0, 2_000], 'Air pressure of service brake circuit 1'),
  truck('ServiceBrakePressure2', 'kPa', [0, 2_000], 'Air pressure of service brake circuit 2'),
]
