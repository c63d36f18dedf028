/** Planned maintenance at the platform's REST door, as the command line uses it. */
import { maintenance } from '@pitcrew/contracts'
import { path, type Door } from './door.ts'
import { openDoor, type Target } from './locate.ts'

export interface PlanWish {
  what: string
  vehicleId?: string
  vehicleModel?: string
  everyKm?: number
  everyEngineHours?: number
  everyMonths?: number
  noticeShare?: number
  noticeKm?: number
  noticeDays?: number
  system: string
  component?: string
  parts?: string[]
  labourHours?: number
  reason?: string
}

export interface DoneWish {
  vehicleId: string
  at?: string
  odometerKm?: number
  engineHours?: number
  note: string
}

export class Maintenance {
  readonly #door: Door

  constructor(door: Door) {
    this.#door = door
  }

  async plans(): Promise<maintenance.Plan[]> {
    return maintenance.ListPlansResponse.fromJSON(await this.#door.get('/v1/maintenance/plans')).plans
  }

  async put(id: string, wish: PlanWish): Promise<maintenance.Plan | undefined> {
    return maintenance.PutPlanResponse.fromJSON(await this.#door.post(path`/v1/maintenance/plans/${id}`, wish)).plan
  }

  async end(id: string, reason: string): Promise<void> {
    await this.#door.post(path`/v1/maintenance/plans/${id}/end`, { reason })
  }

  async due(query: { vehicle?: string; plan?: string; state?: string; limit?: string }): Promise<maintenance.Due[]> {
    return maintenance.ListDueResponse.fromJSON(await this.#door.get('/v1/maintenance/due', query)).due
  }

  async done(id: string, wish: DoneWish): Promise<maintenance.Due | undefined> {
    return maintenance.RecordDoneResponse.fromJSON(await this.#door.post(path`/v1/maintenance/plans/${id}/done`, wish))
      .due
  }
}

/** Throws Retryable NO_PLATFORM. */
export const openMaintenance = (target: Target): Maintenance => new Maintenance(openDoor(target))
