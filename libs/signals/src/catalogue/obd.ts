import { row, type Signal } from '../signal.ts'
import type { Unit } from '../units.ts'

type Range = readonly [min: number, max: number]

const share: Range = [0, 100]
const trim: Range = [-100, 100]
const word: Range = [0, 65_535]

const obd = (name: string, unit: Unit, range: Range, description: string): Signal =>
  row(`Vehicle.OBD.${name}`, unit, range, description)

const catalyst = (bank: 1 | 2, sensor: 1 | 2): Signal =>
  // Recorded steps reach 55 degrees between two polls of 2 s at engine start, when the estimate of the ECU is reset.
  obd(
    `Catalyst.Bank${bank}.Temperature${sensor}`,
    'celsius',
    [-40, 1_300],
    `Catalyst temperature, bank ${bank} sensor ${sensor}`,
  )

const lamp = (branch: string, words: string): Signal[] => [
  obd(`${branch}.IsMILOn`, 'boolean', [0, 1], `Whether the malfunction lamp is lit${words}`),
  obd(`${branch}.DTCCount`, 'count', [0, 127], `Number of stored fault codes${words}`),
]

const oxygen = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((sensor) => [
  obd(`O2.Sensor${sensor}.Voltage`, 'V', [0, 1.275], `Oxygen sensor ${sensor}, voltage`),
  obd(`O2.Sensor${sensor}.ShortTermFuelTrim`, 'percent', trim, `Oxygen sensor ${sensor}, momentary fuel correction`),
  obd(`O2WR.Sensor${sensor}.Lambda`, 'ratio', [0, 2], `Wide-range oxygen sensor ${sensor}, lambda`),
  obd(`O2WR.Sensor${sensor}.Voltage`, 'V', [0, 8], `Wide-range oxygen sensor ${sensor}, voltage`),
  obd(`O2WR.Sensor${sensor}.Current`, 'A', [-0.128, 0.128], `Wide-range oxygen sensor ${sensor}, current`),
])

/** Signals that only SAE J1979 defines (VSS OBD overlay). Ranges are those that the PID encoding can carry. */
export const obdSignals: Signal[] = [
  // J1979 ends at 100; the same quantity on J1939 (SPN 92) reaches 125 while the engine may exceed its curve.
  obd('EngineLoad', 'percent', [0, 125], 'Calculated engine load'),
  obd('AbsoluteLoad', 'percent', [0, 25_700], 'Air charge per intake stroke, of that at full throttle'),
  obd('ShortTermFuelTrim1', 'percent', trim, 'Momentary fuel correction of bank 1: positive adds fuel'),
  obd('LongTermFuelTrim1', 'percent', trim, 'Learned fuel correction of bank 1: positive adds fuel'),
  obd('ShortTermFuelTrim2', 'percent', trim, 'Momentary fuel correction of bank 2: positive adds fuel'),
  obd('LongTermFuelTrim2', 'percent', trim, 'Learned fuel correction of bank 2: positive adds fuel'),
  obd('CommandedEVAP', 'percent', share, 'Commanded evaporative purge'),
  obd('CommandedEGR', 'percent', share, 'Commanded exhaust gas recirculation'),
  obd('EGRError', 'percent', trim, 'Exhaust gas recirculation, of what was commanded'),
  obd('RelativeThrottlePosition', 'percent', share, 'Throttle position relative to the learned closed one'),
  obd('ThrottlePositionB', 'percent', share, 'Absolute throttle position B'),
  obd('ThrottlePositionC', 'percent', share, 'Absolute throttle position C'),
  obd('AcceleratorPositionD', 'percent', share, 'Accelerator pedal position D'),
  obd('AcceleratorPositionE', 'percent', share, 'Accelerator pedal position E'),
  obd('AcceleratorPositionF', 'percent', share, 'Accelerator pedal position F'),
  obd('RelativeAcceleratorPosition', 'percent', share, 'Accelerator position relative to the learned one at rest'),
  obd('ThrottleActuator', 'percent', share, 'Commanded throttle actuator'),
  obd('EthanolPercent', 'percent', share, 'Ethanol in the fuel'),
  obd('HybridBatteryRemaining', 'percent', share, 'Remaining life of the hybrid battery'),
  obd('FuelPressure', 'kPa', [0, 765], 'Fuel pressure'),
  obd('FuelRailPressureVac', 'kPa', [0, 5_178], 'Fuel rail pressure relative to the manifold'),
  obd('FuelRailPressureDirect', 'kPa', [0, 655_350], 'Fuel rail pressure, direct injection'),
  obd('FuelRailPressureAbsolute', 'kPa', [0, 655_350], 'Fuel rail pressure, absolute'),
  obd('FuelInjectionTiming', 'degrees', [-210, 302], 'Injection timing before top dead centre'),
  obd('EVAPVaporPressure', 'Pa', [-8_192, 8_192], 'Vapour pressure of the evaporative system'),
  obd('EVAPVaporPressureAbsolute', 'kPa', [0, 328], 'Vapour pressure of the evaporative system, absolute'),
  obd('BarometricPressure', 'kPa', [0, 255], 'Barometric pressure'),
  obd('TimingAdvance', 'degrees', [-64, 63.5], 'Ignition timing advance'),
  obd('IntakeTemp', 'celsius', [-40, 215], 'Intake air temperature'),
  obd('RunTime', 's', word, 'Time since engine start'),
  obd('RunTimeMIL', 'min', word, 'Time run with the lamp on'),
  obd('TimeSinceDTCCleared', 'min', word, 'Time since fault codes were cleared'),
  obd('DistanceWithMIL', 'km', word, 'Distance driven with the lamp on'),
  obd('DistanceSinceDTCClear', 'km', word, 'Distance driven since fault codes were cleared'),
  obd('WarmupsSinceDTCClear', 'count', [0, 255], 'Warm-ups since fault codes were cleared'),
  obd('CommandedEquivalenceRatio', 'ratio', [0, 2], 'Commanded fuel-air equivalence ratio'),
  obd('FuelRate', 'l/h', [0, 3_277], 'Engine fuel rate'),
  catalyst(1, 1),
  catalyst(1, 2),
  catalyst(2, 1),
  catalyst(2, 2),
  ...lamp('Status', ''),
  ...lamp('DriveCycleStatus', ' in this driving cycle'),
  ...oxygen,
]
