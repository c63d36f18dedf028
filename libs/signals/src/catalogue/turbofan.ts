import { row, type Signal } from '../signal.ts'
import type { Unit } from '../units.ts'

const turbofan = (name: string, unit: Unit, range: readonly [number, number], description: string): Signal =>
  row(`Vehicle.Overlay.Turbofan.${name}`, unit, range, description)

/**
 * The turbofan engines of C-MAPSS. Names and units are those of Saxena et al., "Damage Propagation Modeling for Aircraft Engine
 * Run-to-Failure Simulation" (PHM 2008), table 2; PCNfRDmd is given there in rpm and is a percentage of the speed in the data.
 * Ranges are what such an engine can do at all, not what a data set holds.
 */
export const turbofanSignals: Signal[] = [
  turbofan('Setting1', 'kft', [-2, 60], 'Operational setting 1: altitude'),
  turbofan('Setting2', 'ratio', [-0.1, 1.5], 'Operational setting 2: Mach number'),
  turbofan('Setting3', 'degrees', [0, 120], 'Operational setting 3: throttle resolver angle'),
  turbofan('T2', 'rankine', [300, 700], 'Total temperature at the fan inlet'),
  turbofan('T24', 'rankine', [300, 1_200], 'Total temperature at the outlet of the low-pressure compressor'),
  turbofan('T30', 'rankine', [400, 2_500], 'Total temperature at the outlet of the high-pressure compressor'),
  turbofan('T50', 'rankine', [400, 3_000], 'Total temperature at the outlet of the low-pressure turbine'),
  turbofan('P2', 'psi', [0, 30], 'Pressure at the fan inlet, absolute'),
  turbofan('P15', 'psi', [0, 60], 'Total pressure in the bypass duct, absolute'),
  turbofan('P30', 'psi', [0, 1_200], 'Total pressure at the outlet of the high-pressure compressor, absolute'),
  turbofan('Nf', 'rpm', [0, 6_000], 'Physical fan speed'),
  turbofan('Nc', 'rpm', [0, 20_000], 'Physical core speed'),
  turbofan('Epr', 'ratio', [0, 5], 'Engine pressure ratio, P50 to P2'),
  turbofan('Ps30', 'psi', [0, 1_200], 'Static pressure at the outlet of the high-pressure compressor, absolute'),
  turbofan('Phi', 'pps/psi', [0, 2_000], 'Fuel flow, of Ps30'),
  turbofan('NRf', 'rpm', [0, 6_000], 'Corrected fan speed'),
  turbofan('NRc', 'rpm', [0, 20_000], 'Corrected core speed'),
  turbofan('BPR', 'ratio', [0, 30], 'Bypass ratio'),
  turbofan('FarB', 'ratio', [0, 0.2], 'Fuel-air ratio of the burner'),
  turbofan('HtBleed', 'count', [0, 2_000], 'Bleed enthalpy'),
  turbofan('NfDmd', 'rpm', [0, 6_000], 'Demanded fan speed'),
  turbofan('PCNfRDmd', 'percent', [0, 150], 'Demanded corrected fan speed'),
  turbofan('W31', 'lb/s', [0, 200], 'Coolant bleed of the high-pressure turbine'),
  turbofan('W32', 'lb/s', [0, 200], 'Coolant bleed of the low-pressure turbine'),
]
