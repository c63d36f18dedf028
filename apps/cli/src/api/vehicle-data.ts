/** Vehicles, their history and what of their data was refused, at the platform's REST door. */
import { history, quarantine, telemetry } from '@pitcrew/contracts'
import { askJson, type HttpOptions } from './http.ts'
import { openGateway, type Target } from './locate.ts'

export type Selection =
  { ids: readonly string[] } | { filter: { vehicle?: string; codes?: string[]; since?: string }; limit?: number }

type Query = Record<string, string | number | undefined>

/** A thousand entries may be tried again in one request. */
const replayTimeoutMs = 60_000

export class VehicleData {
  readonly #url: string
  readonly #options: HttpOptions

  constructor(url: string, options: HttpOptions = {}) {
    this.#url = url
    this.#options = options
  }

  async vehicles(limit: number): Promise<telemetry.ListVehiclesResponse['vehicles']> {
    return telemetry.ListVehiclesResponse.fromJSON(await this.#get('/v1/vehicles', { limit })).vehicles
  }

  async history(vehicleId: string, query: Query): Promise<history.GetSignalHistoryResponse> {
    const path = `/v1/vehicles/${encodeURIComponent(vehicleId)}/history`
    return history.GetSignalHistoryResponse.fromJSON(await this.#get(path, query))
  }

  async quarantined(query: Query): Promise<quarantine.QuarantineEntry[]> {
    return quarantine.ListQuarantinedResponse.fromJSON(await this.#get('/v1/quarantine', query)).entries
  }

  async entry(id: string): Promise<quarantine.QuarantineEntry> {
    const answer = quarantine.GetQuarantinedResponse.fromJSON(
      await this.#get(`/v1/quarantine/${encodeURIComponent(id)}`),
    )
    return answer.entry ?? quarantine.QuarantineEntry.fromPartial({ entryId: id })
  }

  async replay(selection: Selection): Promise<quarantine.ReplayResult[]> {
    return quarantine.ReplayQuarantinedResponse.fromJSON(await this.#post('/v1/quarantine:replay', selection)).results
  }

  async discard(selection: Selection): Promise<number> {
    return quarantine.DiscardQuarantinedResponse.fromJSON(await this.#post('/v1/quarantine:discard', selection))
      .discarded
  }

  #get(path: string, query: Query = {}): Promise<unknown> {
    const given = Object.entries(query).flatMap(([key, value]): [string, string][] =>
      value === undefined || value === '' ? [] : [[key, String(value)]],
    )
    return askJson(`${this.#url}${path}${given.length === 0 ? '' : `?${new URLSearchParams(given)}`}`, this.#options)
  }

  #post(path: string, body: unknown): Promise<unknown> {
    return askJson(`${this.#url}${path}`, { ...this.#options, method: 'POST', body, timeoutMs: replayTimeoutMs })
  }
}

/** Throws Retryable NO_PLATFORM. */
export function openVehicleData(target: Target): VehicleData {
  const { url } = openGateway(target)
  return new VehicleData(url, { token: process.env.PITCREW_TOKEN || undefined })
}
