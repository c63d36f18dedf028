/** The parts of a vehicle that an alert and its case are about. */
export const vehicleSystems = [
  'COOLING',
  'CHARGING',
  'BATTERY',
  'FUEL_AIR',
  'IGNITION',
  'EMISSIONS',
  'BRAKES',
  'TYRES',
  'LUBRICATION',
  'TRANSMISSION',
] as const

export type VehicleSystem = (typeof vehicleSystems)[number]
