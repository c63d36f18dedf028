/**
 * How the devices of different makers put a frame on the wire: VSS paths, or PIDs, or imperial units. Some of what they send
 * is rubbish, as in life: always added to the good readings, never instead of them, and always the same for the same frame.
 */
import { telemetry } from '@pitcrew/contracts'
import { convert, obdPids, signal, type SignalFrame, type Unit } from '@pitcrew/signals'
import { oneOf, seededRandom, type Random } from '../vehicles/random.ts'

export type Dialect = 'vss' | 'obd' | 'imperial'

const dialects: readonly Dialect[] = ['vss', 'obd', 'imperial']

export const dialectOf = (vehicleId: string): Dialect => oneOf(seededRandom(`dialect ${vehicleId}`), dialects)

const pidOfPath = new Map(
  obdPids.map(({ pid, path }) => [path, `01${pid.toString(16).toUpperCase().padStart(2, '0')}`]),
)

const imperial: Partial<Record<Unit, { unit: Unit; spelling: string }>> = {
  celsius: { unit: 'fahrenheit', spelling: 'degF' },
  'km/h': { unit: 'mph', spelling: 'mph' },
  kPa: { unit: 'psi', spelling: 'psi' },
}

/** How often, in frames: rubbish beside the readings, a frame that names no vehicle, a frame that is sent twice. */
export const mishaps = { reading: 200, frame: 500, twice: 300 }

/** What the device sends for this frame: one raw frame as a rule. */
export function deviceFrames(vehicleId: string, frame: SignalFrame): telemetry.RawFrame[] {
  const dialect = dialectOf(vehicleId)
  const random = seededRandom(`${vehicleId} ${frame.timeMs}`)
  const readings = Object.entries(frame.values).map(([path, value]) => inDialect(dialect, path, value))
  if (oneIn(mishaps.reading, random)) readings.push(oneOf(random, rubbish))
  const sent: telemetry.RawFrame = {
    ...telemetry.RawFrame.create(),
    vehicleId,
    deviceTimeMs: frame.timeMs,
    readings,
    dtcs: frame.dtcs ?? [],
    hasDtcs: frame.dtcs !== undefined,
  }
  const frames = [sent]
  if (oneIn(mishaps.twice, random)) frames.push(sent)
  if (oneIn(mishaps.frame, random)) frames.push({ ...sent, vehicleId: '' })
  return frames
}

const oneIn = (count: number, random: Random) => random() * count < 1

const rubbish: readonly telemetry.RawReading[] = [
  { name: 'Vehicle.Cabin.Radio.Mood', value: 7, unit: '' },
  { name: 'Vehicle.Chassis.Axle.Row2.Wheel.Right.Tire.Temperature', value: 6553.5, unit: 'celsius' },
  { name: 'Vehicle.LowVoltageBattery.CurrentCurrent', value: 4, unit: 'furlong' },
  { name: 'Vehicle.Powertrain.Transmission.Temperature', value: NaN, unit: 'celsius' },
]

function inDialect(dialect: Dialect, path: string, value: number): telemetry.RawReading {
  const unit = signal(path)?.unit
  if (dialect === 'obd') return { name: pidOfPath.get(path) ?? path, value, unit: unit ?? '' }
  const other = dialect === 'imperial' && unit ? imperial[unit] : undefined
  if (!other || !unit) return { name: path, value, unit: '' }
  return { name: path, value: convert(value, unit, other.unit) ?? value, unit: other.spelling }
}
