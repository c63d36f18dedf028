/** Vehicles, their history and what of their data was refused, at the platform's REST door. */
import { history, quarantine, telemetry } from '@pitcrew/contracts'
import { path, type Door, type Query } from './door.ts'
import { openDoor, type Target } from './locate.ts'

export type Selection =
  { ids: readonly string[] } | { filter: { vehicle?: string; codes?: string[]; since?: string }; limit?: number }

/** A thousand entries may be tried again in one request. */
const replayTimeoutMs = 60_000

export class VehicleData {
  readonly #door: Door

  constructor(door: Door) {
    this.#door = door
  }

  async vehicles(limit: number): Promise<telemetry.ListVehiclesResponse['vehicles']> {
    return telemetry.ListVehiclesResponse.fromJSON(await this.#door.get('/v1/vehicles', { limit })).vehicles
  }

  async history(vehicleId: string, query: Query): Promise<history.GetSignalHistoryResponse> {
    return history.GetSignalHistoryResponse.fromJSON(
      await this.#door.get(path`/v1/vehicles/${vehicleId}/history`, query),
    )
  }

  async quarantined(query: Query): Promise<quarantine.QuarantineEntry[]> {
    return quarantine.ListQuarantinedResponse.fromJSON(await this.#door.get('/v1/quarantine', query)).entries
  }

  async entry(id: string): Promise<quarantine.QuarantineEntry> {
    const answer = quarantine.GetQuarantinedResponse.fromJSON(await this.#door.get(path`/v1/quarantine/${id}`))
    return answer.entry ?? quarantine.QuarantineEntry.fromPartial({ entryId: id })
  }

  async replay(selection: Selection): Promise<quarantine.ReplayResult[]> {
    return quarantine.ReplayQuarantinedResponse.fromJSON(
      await this.#door.post('/v1/quarantine:replay', selection, replayTimeoutMs),
    ).results
  }

  async discard(selection: Selection): Promise<number> {
    return quarantine.DiscardQuarantinedResponse.fromJSON(
      await this.#door.post('/v1/quarantine:discard', selection, replayTimeoutMs),
    ).discarded
  }
}

/** Throws Retryable NO_PLATFORM. */
export const openVehicleData = (target: Target): VehicleData => new VehicleData(openDoor(target))
