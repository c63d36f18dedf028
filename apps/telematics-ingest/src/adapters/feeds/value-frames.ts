/**
 * Values that come one by one, each with a time of its own, gathered to one frame for each vehicle and moment. Invariants:
 * 1. The same values give the same frames in whatever order they are added: a frame is recognised by its content.
 * 2. A vehicle's frames stand in order of time.
 */
import { telemetry } from '@pitcrew/contracts'

/** A vehicle as a provider knows it. */
export interface ProviderVehicle {
  /** A vehicle id to go by when nobody has registered the VIN. */
  id: string
  /** Or a PIN (ISO 10261); '' when the provider does not say. */
  vin: string
}

export interface ValueFrames {
  value(vehicle: ProviderVehicle, timeMs: number, name: string, value: number, unit: string): void
  /** Also with no codes at all: then none is active. */
  codes(vehicle: ProviderVehicle, timeMs: number, faults: readonly telemetry.FaultReport[]): void
  vehicles(): ProviderVehicle[]
  frames(vehicleIdOf: (vehicle: ProviderVehicle) => string): telemetry.RawFrame[]
}

interface Moment {
  readings: Map<string, telemetry.RawReading>
  faults: Map<string, telemetry.FaultReport> | undefined
}

export function valueFrames(): ValueFrames {
  const byVehicle = new Map<string, { vehicle: ProviderVehicle; moments: Map<number, Moment> }>()

  function momentOf(vehicle: ProviderVehicle, timeMs: number): Moment {
    let known = byVehicle.get(vehicle.id)
    if (!known) byVehicle.set(vehicle.id, (known = { vehicle, moments: new Map() }))
    let moment = known.moments.get(timeMs)
    if (!moment) known.moments.set(timeMs, (moment = { readings: new Map(), faults: undefined }))
    return moment
  }

  return {
    value(vehicle, timeMs, name, value, unit) {
      // A second, other value of the same moment stays beside the first, so that it is refused in sight of all.
      momentOf(vehicle, timeMs).readings.set(`${name} ${value} ${unit}`, { name, value, unit })
    },
    codes(vehicle, timeMs, faults) {
      const moment = momentOf(vehicle, timeMs)
      moment.faults ??= new Map()
      for (const fault of faults) moment.faults.set(`${fault.code} ${fault.status}`, fault)
    },
    vehicles: () => [...byVehicle.values()].map(({ vehicle }) => vehicle),
    frames: (vehicleIdOf) =>
      [...byVehicle.values()].flatMap(({ vehicle, moments }) => {
        const vehicleId = vehicleIdOf(vehicle)
        return byKey(moments, (a, b) => a - b).map(([deviceTimeMs, moment]) => frameOf(vehicleId, deviceTimeMs, moment))
      }),
  }
}

const frameOf = (vehicleId: string, deviceTimeMs: number, { readings, faults }: Moment): telemetry.RawFrame => ({
  ...telemetry.RawFrame.create(),
  vehicleId,
  deviceTimeMs,
  readings: byKey(readings, alphabetical).map(([, reading]) => reading),
  hasDtcs: faults !== undefined,
  faults: byKey(faults ?? new Map<string, telemetry.FaultReport>(), alphabetical).map(([, fault]) => fault),
})

const alphabetical = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const byKey = <K, V>(map: Map<K, V>, order: (a: K, b: K) => number): [K, V][] =>
  [...map].sort(([a], [b]) => order(a, b))
