/**
 * Columns of the carOBD logger (github.com/eron93br/carOBD). Headers read "ENGINE_RPM ()"; the logger writes
 * "ENGINE_RUN_TINE" for the run time. Every column has the unit that J1979 gives its PID.
 */
import type { Unit } from './units.ts'

export interface CarobdColumn {
  path: string
  unit: Unit
}

const engine = 'Vehicle.Powertrain.CombustionEngine'
const column = (path: string, unit: Unit): CarobdColumn => ({ path, unit })

const columns: Record<string, CarobdColumn> = {
  ENGINE_RUN_TINE: column('Vehicle.OBD.RunTime', 's'),
  ENGINE_RUN_TIME: column('Vehicle.OBD.RunTime', 's'),
  ENGINE_RPM: column(`${engine}.Speed`, 'rpm'),
  VEHICLE_SPEED: column('Vehicle.Speed', 'km/h'),
  THROTTLE: column(`${engine}.TPS`, 'percent'),
  ENGINE_LOAD: column('Vehicle.OBD.EngineLoad', 'percent'),
  COOLANT_TEMPERATURE: column(`${engine}.EngineCoolant.Temperature`, 'celsius'),
  LONG_TERM_FUEL_TRIM_BANK_1: column('Vehicle.OBD.LongTermFuelTrim1', 'percent'),
  SHORT_TERM_FUEL_TRIM_BANK_1: column('Vehicle.OBD.ShortTermFuelTrim1', 'percent'),
  INTAKE_MANIFOLD_PRESSURE: column(`${engine}.MAP`, 'kPa'),
  FUEL_TANK: column('Vehicle.Powertrain.FuelSystem.RelativeLevel', 'percent'),
  ABSOLUTE_THROTTLE_B: column('Vehicle.OBD.ThrottlePositionB', 'percent'),
  PEDAL_D: column('Vehicle.OBD.AcceleratorPositionD', 'percent'),
  PEDAL_E: column('Vehicle.OBD.AcceleratorPositionE', 'percent'),
  COMMANDED_THROTTLE_ACTUATOR: column('Vehicle.OBD.ThrottleActuator', 'percent'),
  FUEL_AIR_COMMANDED_EQUIV_RATIO: column('Vehicle.OBD.CommandedEquivalenceRatio', 'ratio'),
  ABSOLUTE_BAROMETRIC_PRESSURE: column('Vehicle.OBD.BarometricPressure', 'kPa'),
  RELATIVE_THROTTLE_POSITION: column('Vehicle.OBD.RelativeThrottlePosition', 'percent'),
  INTAKE_AIR_TEMP: column('Vehicle.OBD.IntakeTemp', 'celsius'),
  TIMING_ADVANCE: column('Vehicle.OBD.TimingAdvance', 'degrees'),
  CATALYST_TEMPERATURE_BANK1_SENSOR1: column('Vehicle.OBD.Catalyst.Bank1.Temperature1', 'celsius'),
  CATALYST_TEMPERATURE_BANK1_SENSOR2: column('Vehicle.OBD.Catalyst.Bank1.Temperature2', 'celsius'),
  CONTROL_MODULE_VOLTAGE: column('Vehicle.LowVoltageBattery.CurrentVoltage', 'V'),
  COMMANDED_EVAPORATIVE_PURGE: column('Vehicle.OBD.CommandedEVAP', 'percent'),
  TIME_RUN_WITH_MIL_ON: column('Vehicle.OBD.RunTimeMIL', 'min'),
  TIME_SINCE_TROUBLE_CODES_CLEARED: column('Vehicle.OBD.TimeSinceDTCCleared', 'min'),
  DISTANCE_TRAVELED_WITH_MIL_ON: column('Vehicle.OBD.DistanceWithMIL', 'km'),
  WARM_UPS_SINCE_CODES_CLEARED: column('Vehicle.OBD.WarmupsSinceDTCClear', 'count'),
}

/** The column that a header cell names, whatever its spacing and bracketed unit; undefined for a foreign one. */
export function carobdColumn(header: string): CarobdColumn | undefined {
  const name = (header.split('(', 1)[0] ?? '').trim().toUpperCase()
  return Object.hasOwn(columns, name) ? columns[name] : undefined
}
