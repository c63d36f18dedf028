import type { Signal } from '../signal.ts'

const percent = (name: string, description: string, min = 0, max = 100): Signal => ({
  path: `Vehicle.OBD.${name}`,
  unit: 'percent',
  min,
  max,
  description,
})

const catalyst = (bank: 1 | 2, sensor: 1 | 2): Signal => ({
  path: `Vehicle.OBD.Catalyst.Bank${bank}.Temperature${sensor}`,
  unit: 'celsius',
  min: -40,
  max: 1_300,
  // Recorded steps reach 55 degrees between two polls of 2 s at engine start, when the estimate of the ECU is reset.
  description: `Catalyst temperature, bank ${bank} sensor ${sensor}`,
})

/** Signals that only SAE J1979 defines (VSS OBD overlay). Ranges are those that the PID encoding can carry. */
export const obdSignals: Signal[] = [
  percent('EngineLoad', 'Calculated engine load'),
  percent('AbsoluteLoad', 'Air charge per intake stroke, of that at full throttle', 0, 25_700),
  percent('ShortTermFuelTrim1', 'Momentary fuel correction of bank 1: positive adds fuel', -100, 100),
  percent('LongTermFuelTrim1', 'Learned fuel correction of bank 1: positive adds fuel', -100, 100),
  percent('ShortTermFuelTrim2', 'Momentary fuel correction of bank 2: positive adds fuel', -100, 100),
  percent('LongTermFuelTrim2', 'Learned fuel correction of bank 2: positive adds fuel', -100, 100),
  percent('CommandedEVAP', 'Commanded evaporative purge'),
  percent('CommandedEGR', 'Commanded exhaust gas recirculation'),
  percent('RelativeThrottlePosition', 'Throttle position relative to the learned closed one'),
  percent('ThrottlePositionB', 'Absolute throttle position B'),
  percent('AcceleratorPositionD', 'Accelerator pedal position D'),
  percent('AcceleratorPositionE', 'Accelerator pedal position E'),
  percent('ThrottleActuator', 'Commanded throttle actuator'),
  percent('EthanolPercent', 'Ethanol in the fuel'),
  percent('HybridBatteryRemaining', 'Remaining life of the hybrid battery'),
  { path: 'Vehicle.OBD.FuelPressure', unit: 'kPa', min: 0, max: 765, description: 'Fuel pressure' },
  { path: 'Vehicle.OBD.BarometricPressure', unit: 'kPa', min: 0, max: 255, description: 'Barometric pressure' },
  { path: 'Vehicle.OBD.TimingAdvance', unit: 'degrees', min: -64, max: 63.5, description: 'Ignition timing advance' },
  { path: 'Vehicle.OBD.IntakeTemp', unit: 'celsius', min: -40, max: 215, description: 'Intake air temperature' },
  { path: 'Vehicle.OBD.RunTime', unit: 's', min: 0, max: 65_535, description: 'Time since engine start' },
  { path: 'Vehicle.OBD.RunTimeMIL', unit: 'min', min: 0, max: 65_535, description: 'Time run with the lamp on' },
  {
    path: 'Vehicle.OBD.TimeSinceDTCCleared',
    unit: 'min',
    min: 0,
    max: 65_535,
    description: 'Time since fault codes were cleared',
  },
  {
    path: 'Vehicle.OBD.DistanceWithMIL',
    unit: 'km',
    min: 0,
    max: 65_535,
    description: 'Distance driven with the lamp on',
  },
  {
    path: 'Vehicle.OBD.DistanceSinceDTCClear',
    unit: 'km',
    min: 0,
    max: 65_535,
    description: 'Distance driven since fault codes were cleared',
  },
  {
    path: 'Vehicle.OBD.WarmupsSinceDTCClear',
    unit: 'count',
    min: 0,
    max: 255,
    description: 'Warm-ups since fault codes were cleared',
  },
  {
    path: 'Vehicle.OBD.CommandedEquivalenceRatio',
    unit: 'ratio',
    min: 0,
    max: 2,
    description: 'Commanded fuel-air equivalence ratio',
  },
  {
    path: 'Vehicle.OBD.FuelRate',
    unit: 'l/h',
    min: 0,
    max: 3_277,
    description: 'Engine fuel rate',
  },
  catalyst(1, 1),
  catalyst(1, 2),
  catalyst(2, 1),
  catalyst(2, 2),
]
