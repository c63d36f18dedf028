/**
 * On whose behalf frames come in.
 *   platform    Pitcrew itself reads them from a telematics API
 *   anonymous   nobody proved who he is; let in only where the operator says so
 *   device      has shown its key
 */
export type Sender =
  { kind: 'platform' } | { kind: 'anonymous' } | { kind: 'device'; deviceId: string; vehicles: Vehicles }

/** The vehicles that a device may speak for. */
export type Vehicles = 'any' | ReadonlySet<string>

export const platform: Sender = { kind: 'platform' }
export const anonymous: Sender = { kind: 'anonymous' }

export function maySpeakFor(sender: Sender, vehicleId: string): boolean {
  switch (sender.kind) {
    case 'platform':
    case 'anonymous':
      return true
    case 'device':
      return sender.vehicles === 'any' || sender.vehicles.has(vehicleId)
  }
}
