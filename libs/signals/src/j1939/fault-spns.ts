/**
 * Suspect parameters of SAE J1939 that fault codes name, by the system of the vehicle that they belong to. To add one: a row
 * `[spn, name, what usually fails]`, and `gravest` where one end of its range means "stop now".
 */
import type { VehicleSystem } from '../vehicle-system.ts'

export interface FaultSpn {
  spn: number
  name: string
  system: VehicleSystem
  /** The component that is measured or driven, as a mechanic would name what to look at first. */
  component: string
  /** The end of the range that threatens the engine, or the vehicle's control, at once. */
  gravest?: 'HIGH' | 'LOW'
}

type Row = readonly [spn: number, name: string, component: string, gravest?: 'HIGH' | 'LOW']

const bySystem: Partial<Record<VehicleSystem, readonly Row[]>> = {
  COOLING: [
    [110, 'Engine coolant temperature', 'coolant circuit: level, pump, thermostat, fan', 'HIGH'],
    [111, 'Engine coolant level', 'coolant leak', 'LOW'],
    [109, 'Engine coolant pressure', 'water pump', 'LOW'],
    [52, 'Engine intercooler temperature', 'intercooler'],
    [647, 'Engine fan clutch output', 'fan clutch'],
    [975, 'Estimated fan speed', 'fan drive'],
    [1639, 'Fan speed', 'fan drive'],
    [4752, 'EGR cooler efficiency', 'EGR cooler'],
  ],
  CHARGING: [
    [115, 'Alternator current', 'alternator'],
    [167, 'Charging system potential', 'alternator or its regulator'],
    [627, 'Power supply of the controller', 'supply wiring and fuses'],
    [3509, 'Sensor supply voltage 1', 'sensor supply wiring'],
    [3510, 'Sensor supply voltage 2', 'sensor supply wiring'],
    [3511, 'Sensor supply voltage 3', 'sensor supply wiring'],
    [1079, 'Sensor supply voltage 1 (5 V)', 'sensor supply wiring'],
    [1080, 'Sensor supply voltage 2 (5 V)', 'sensor supply wiring'],
  ],
  BATTERY: [
    [114, 'Net battery current', 'battery or a drain on it'],
    [158, 'Keyswitch battery potential', 'battery, terminals, ignition wiring'],
    [168, 'Battery potential', 'battery and its terminals'],
  ],
  FUEL_AIR: [
    [27, 'EGR valve position', 'EGR valve'],
    [51, 'Throttle valve position', 'throttle actuator'],
    [91, 'Accelerator pedal position', 'pedal sensor'],
    [94, 'Fuel delivery pressure', 'fuel filter or lift pump'],
    [95, 'Fuel filter differential pressure', 'fuel filter'],
    [97, 'Water in fuel', 'water separator'],
    [102, 'Intake manifold pressure', 'turbocharger or a boost leak'],
    [103, 'Turbocharger speed', 'turbocharger', 'HIGH'],
    [105, 'Intake manifold temperature', 'intercooler or EGR cooler'],
    [106, 'Intake air pressure', 'intake tract'],
    [107, 'Air filter differential pressure', 'air filter'],
    [108, 'Barometric pressure', 'barometric sensor'],
    [132, 'Intake air mass flow', 'air flow sensor'],
    [156, 'Injector timing rail pressure', 'high-pressure pump'],
    [157, 'Injector metering rail pressure', 'high-pressure pump, rail valve, injectors'],
    [164, 'Injection control pressure', 'injection control valve'],
    [172, 'Intake air temperature', 'air temperature sensor'],
    [174, 'Fuel temperature', 'fuel temperature sensor'],
    [183, 'Fuel rate', 'fuel metering'],
    [411, 'EGR differential pressure', 'EGR pressure lines'],
    [412, 'EGR temperature', 'EGR cooler'],
    [641, 'Variable geometry turbocharger actuator', 'turbocharger actuator'],
    [651, 'Injector, cylinder 1', 'injector 1'],
    [652, 'Injector, cylinder 2', 'injector 2'],
    [653, 'Injector, cylinder 3', 'injector 3'],
    [654, 'Injector, cylinder 4', 'injector 4'],
    [655, 'Injector, cylinder 5', 'injector 5'],
    [656, 'Injector, cylinder 6', 'injector 6'],
    [1347, 'Fuel pump pressurising assembly', 'high-pressure pump valve'],
    [2659, 'EGR mass flow', 'EGR valve or cooler'],
    [2791, 'EGR valve control', 'EGR valve'],
    [2797, 'Injector group 1', 'injector wiring'],
    [2798, 'Injector group 2', 'injector wiring'],
    [3563, 'Intake manifold absolute pressure', 'turbocharger or a boost leak'],
  ],
  IGNITION: [
    [190, 'Engine speed', 'engine overspeed, or the speed sensor', 'HIGH'],
    [636, 'Engine position (crankshaft)', 'crankshaft sensor'],
    [637, 'Engine timing', 'crankshaft and camshaft sensors'],
    [723, 'Engine speed 2 (camshaft)', 'camshaft sensor'],
    [729, 'Intake air heater', 'intake heater or its relay'],
    [1322, 'Misfire in several cylinders', 'injectors or compression'],
    [1323, 'Misfire, cylinder 1', 'injector 1 or compression'],
    [1324, 'Misfire, cylinder 2', 'injector 2 or compression'],
    [1325, 'Misfire, cylinder 3', 'injector 3 or compression'],
    [1326, 'Misfire, cylinder 4', 'injector 4 or compression'],
    [1327, 'Misfire, cylinder 5', 'injector 5 or compression'],
    [1328, 'Misfire, cylinder 6', 'injector 6 or compression'],
    [629, 'Engine controller', 'controller or its software'],
    [639, 'J1939 network 1', 'data link wiring'],
    [1231, 'J1939 network 2', 'data link wiring'],
  ],
  EMISSIONS: [
    [173, 'Exhaust gas temperature', 'exhaust temperature sensor'],
    [1761, 'Exhaust fluid tank level', 'exhaust fluid'],
    [3031, 'Exhaust fluid tank temperature', 'tank heater'],
    [3216, 'NOx at the inlet', 'NOx sensor before the catalyst'],
    [3226, 'NOx at the outlet', 'NOx sensor behind the catalyst'],
    [3242, 'Particulate filter intake temperature', 'temperature sensor before the filter'],
    [3246, 'Particulate filter outlet temperature', 'temperature sensor behind the filter'],
    [3251, 'Particulate filter differential pressure', 'particulate filter, or its pressure lines'],
    [3361, 'Exhaust fluid dosing unit', 'dosing unit'],
    [3364, 'Exhaust fluid quality', 'exhaust fluid, or its quality sensor'],
    [3556, 'Hydrocarbon doser', 'hydrocarbon doser'],
    [3610, 'Particulate filter outlet pressure', 'pressure sensor behind the filter'],
    [3719, 'Particulate filter soot load', 'regeneration of the filter'],
    [3720, 'Particulate filter ash load', 'particulate filter due for cleaning'],
    [4334, 'Exhaust fluid dosing pressure', 'dosing pump'],
    [4360, 'Catalyst intake temperature (SCR)', 'temperature sensor before the catalyst'],
    [4364, 'Catalyst conversion efficiency (SCR)', 'catalyst, or exhaust fluid quality'],
    [5246, 'Inducement: torque or speed is limited', 'exhaust fluid system'],
    [5298, 'Oxidation catalyst efficiency', 'oxidation catalyst'],
    [101, 'Crankcase pressure', 'crankcase ventilation or piston rings', 'HIGH'],
  ],
  LUBRICATION: [
    [98, 'Engine oil level', 'engine oil', 'LOW'],
    [99, 'Oil filter differential pressure', 'oil filter'],
    [100, 'Engine oil pressure', 'oil level, oil pump, bearings', 'LOW'],
    [175, 'Engine oil temperature', 'oil cooler', 'HIGH'],
    [176, 'Turbocharger oil temperature', 'turbocharger oil line'],
  ],
  TRANSMISSION: [
    [84, 'Wheel-based vehicle speed', 'speed sensor'],
    [124, 'Transmission oil level', 'transmission oil', 'LOW'],
    [127, 'Transmission oil pressure', 'transmission oil pump', 'LOW'],
    [161, 'Transmission input shaft speed', 'input speed sensor'],
    [177, 'Transmission oil temperature', 'transmission oil cooler', 'HIGH'],
    [191, 'Transmission output shaft speed', 'output speed sensor'],
    [522, 'Clutch slip', 'clutch'],
  ],
  BRAKES: [
    [46, 'Pneumatic supply pressure', 'air compressor or a leak', 'LOW'],
    [521, 'Brake pedal position', 'brake pedal sensor'],
    [563, 'ABS operation', 'ABS unit'],
    [597, 'Brake switch', 'brake switch'],
    [789, 'Wheel speed sensor, front axle left', 'wheel speed sensor'],
    [790, 'Wheel speed sensor, front axle right', 'wheel speed sensor'],
    [791, 'Wheel speed sensor, rear axle left', 'wheel speed sensor'],
    [792, 'Wheel speed sensor, rear axle right', 'wheel speed sensor'],
    [1087, 'Service brake circuit 1 pressure', 'air brake circuit 1', 'LOW'],
    [1088, 'Service brake circuit 2 pressure', 'air brake circuit 2', 'LOW'],
    [1099, 'Brake lining left, front axle left', 'brake lining'],
    [1100, 'Brake lining left, front axle right', 'brake lining'],
    [1101, 'Brake lining left, rear axle left', 'brake lining'],
    [1102, 'Brake lining left, rear axle right', 'brake lining'],
  ],
  TYRES: [
    [241, 'Tyre pressure', 'tyre or valve'],
    [242, 'Tyre temperature', 'tyre, brake or wheel bearing', 'HIGH'],
    [929, 'Tyre location', 'tyre pressure receiver'],
  ],
}

const bySpn = new Map<number, FaultSpn>()
for (const [system, rows] of Object.entries(bySystem) as [VehicleSystem, readonly Row[]][])
  for (const [spn, name, component, gravest] of rows)
    bySpn.set(spn, { spn, name, system, component, ...(gravest && { gravest }) })

export const faultSpns: readonly FaultSpn[] = [...bySpn.values()]

export const faultSpn = (spn: number): FaultSpn | undefined => bySpn.get(spn)

export const isKnownSpn = (spn: number): boolean => bySpn.has(spn)
