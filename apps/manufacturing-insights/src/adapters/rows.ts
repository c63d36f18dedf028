import type { manufacturing, vehicle } from '@pitcrew/contracts'
import type { Capa } from '../domain/capa.ts'

export interface FailureRow {
  failure_id: string
  case_id: string
  vehicle_id: string
  model: string
  build_month: string
  plant: string
  system: vehicle.VehicleSystem
  component: string
  failure_mode: string
  predicted_failure_mode: string
  odometer_km: number
  months_in_service: number
  repaired: boolean
  rating: number
  at: string
}

export function failureFrom(row: FailureRow): manufacturing.FailureRecord {
  return {
    failureId: row.failure_id,
    caseId: row.case_id,
    vehicleId: row.vehicle_id,
    model: row.model,
    buildMonth: row.build_month,
    plant: row.plant,
    system: row.system,
    component: row.component,
    failureMode: row.failure_mode,
    predictedFailureMode: row.predicted_failure_mode,
    odometerKm: row.odometer_km,
    monthsInService: row.months_in_service,
    repaired: row.repaired,
    rating: row.rating,
    at: row.at,
  }
}

export interface CapaRow {
  capa_id: string
  component: string
  failure_mode: string
  model: string
  status: Capa['status']
  opened_at: string
  recurrence_of: string
  containment: unknown
  closure: unknown
}

/** The table's checks guarantee that containment and closure are there when the status says so. */
export function capaFrom(row: CapaRow): Capa {
  return {
    capaId: row.capa_id,
    component: row.component,
    failureMode: row.failure_mode,
    model: row.model,
    openedAt: row.opened_at,
    recurrenceOf: row.recurrence_of,
    status: row.status,
    ...(row.status === 'open' ? {} : { containment: row.containment }),
    ...(row.status === 'closed' ? { closure: row.closure } : {}),
  } as Capa
}
