/**
 * Units of measure and linear conversion between those of one quantity. Ids are those of VSS where VSS names one
 * (`celsius`, `km/h`, `kPa`, ...); the spellings that devices and loggers send are aliases of them.
 */
interface UnitDefinition {
  /** Two units convert into each other only if they measure the same quantity. */
  quantity: string
  /** base = value * scale + offset, where base is the SI-like reference unit of the quantity. */
  scale: number
  offset: number
}

const unit = (quantity: string, scale = 1, offset = 0): UnitDefinition => ({ quantity, scale, offset })

const definitions = {
  celsius: unit('temperature', 1, 273.15),
  fahrenheit: unit('temperature', 5 / 9, 273.15 - (32 * 5) / 9),
  kelvin: unit('temperature'),
  rankine: unit('temperature', 5 / 9),
  Pa: unit('pressure'),
  kPa: unit('pressure', 1000),
  MPa: unit('pressure', 1_000_000),
  bar: unit('pressure', 100_000),
  psi: unit('pressure', 6894.757293168),
  'm/s': unit('speed'),
  'km/h': unit('speed', 1 / 3.6),
  mph: unit('speed', 0.44704),
  m: unit('length'),
  km: unit('length', 1000),
  mi: unit('length', 1609.344),
  kft: unit('length', 304.8),
  V: unit('voltage'),
  mV: unit('voltage', 0.001),
  A: unit('current'),
  mA: unit('current', 0.001),
  W: unit('power'),
  kW: unit('power', 1000),
  Wh: unit('energy'),
  kWh: unit('energy', 1000),
  Nm: unit('torque'),
  kg: unit('mass'),
  'm/s^2': unit('acceleration'),
  ratio: unit('proportion'),
  percent: unit('proportion', 0.01),
  s: unit('duration'),
  ms: unit('duration', 0.001),
  min: unit('duration', 60),
  h: unit('duration', 3600),
  rpm: unit('rotation'),
  'g/s': unit('mass-flow'),
  'kg/h': unit('mass-flow', 1 / 3.6),
  'lb/s': unit('mass-flow', 453.59237),
  // Fuel flow by static pressure, as turbine engines have it: pounds per second for each psi.
  'pps/psi': unit('fuel-ratio'),
  'l/h': unit('volume-flow'),
  degrees: unit('angle'),
  'degrees/s': unit('angular-speed'),
  l: unit('volume'),
  count: unit('count'),
  // 0 is false, 1 true.
  boolean: unit('truth'),
} as const satisfies Record<string, UnitDefinition>

export type Unit = keyof typeof definitions

const aliases: Record<string, Unit> = {
  c: 'celsius',
  '°c': 'celsius',
  degc: 'celsius',
  f: 'fahrenheit',
  '°f': 'fahrenheit',
  degf: 'fahrenheit',
  k: 'kelvin',
  '°r': 'rankine',
  degr: 'rankine',
  pa: 'Pa',
  kpa: 'kPa',
  mpa: 'MPa',
  psia: 'psi',
  kph: 'km/h',
  kmh: 'km/h',
  miles: 'mi',
  v: 'V',
  volt: 'V',
  mv: 'mV',
  a: 'A',
  ma: 'mA',
  '%': 'percent',
  pct: 'percent',
  sec: 's',
  seconds: 's',
  minutes: 'min',
  hours: 'h',
  '1/min': 'rpm',
  deg: 'degrees',
  'lbm/s': 'lb/s',
  kw: 'kW',
  w: 'W',
  wh: 'Wh',
  kwh: 'kWh',
  nm: 'Nm',
  '°': 'degrees',
}

/** The unit that a spelling means ("°C", "degF", "KPH"), or undefined. */
export function parseUnit(spelling: string): Unit | undefined {
  const trimmed = spelling.trim()
  if (Object.hasOwn(definitions, trimmed)) return trimmed as Unit
  const lower = trimmed.toLowerCase()
  if (Object.hasOwn(definitions, lower)) return lower as Unit
  return Object.hasOwn(aliases, lower) ? aliases[lower] : undefined
}

/** `value` expressed in `to`, or undefined when the two units measure different things (V into km). */
export function convert(value: number, from: Unit, to: Unit): number | undefined {
  if (from === to) return value
  const source = definitions[from]
  const target = definitions[to]
  if (source.quantity !== target.quantity) return undefined
  return (value * source.scale + source.offset - target.offset) / target.scale
}
