import { rateFellPValue } from './exact-tests.ts'

/** Failures of a CAPA's mode in its model over a period, and the vehicle-months driven in it. */
export interface Period {
  failures: number
  vehicleMonths: number
}

export interface Impact {
  /** Failures per 1000 vehicle-months. */
  before: number
  after: number
  /** (before - after) / before; 0 when there was nothing before. */
  reduction: number
  /** That the rate did not fall; one-sided, conditional on the total. */
  pValue: number
}

export const effective = { maximumPValue: 0.05 }

export function ratePerThousandMonths({ failures, vehicleMonths }: Period): number {
  return vehicleMonths > 0 ? (failures / vehicleMonths) * 1000 : 0
}

export function failuresPerThousandVehicles(failures: number, vehicles: number): number {
  return vehicles > 0 ? (failures / vehicles) * 1000 : 0
}

/** What containment changed: the failure rate before it against the rate since. */
export function measureImpact(before: Period, after: Period): Impact {
  const rateBefore = ratePerThousandMonths(before)
  const rateAfter = ratePerThousandMonths(after)
  return {
    before: rateBefore,
    after: rateAfter,
    reduction: rateBefore > 0 ? (rateBefore - rateAfter) / rateBefore : 0,
    pValue: rateFellPValue(
      { events: before.failures, exposure: before.vehicleMonths },
      { events: after.failures, exposure: after.vehicleMonths },
    ),
  }
}

export function isEffective(impact: Impact): boolean {
  return impact.reduction > 0 && impact.pValue <= effective.maximumPValue
}
