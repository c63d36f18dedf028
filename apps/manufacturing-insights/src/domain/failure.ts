import type { manufacturing } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { monthsInService, startOfService } from './time-in-service.ts'

/**
 * - confirmed: the workshop found it and named it;
 * - not-found: the workshop looked and found nothing wrong;
 * - unseen: no workshop looked, all there is is what the diagnosis predicted.
 */
export type Verdict = 'confirmed' | 'not-found' | 'unseen'

export interface Failure {
  record: manufacturing.FailureRecord
  verdict: Verdict
}

const nothingFound = new Set(['', 'none', 'no-fault', 'no-fault-found', 'nff'])

/** What the diagnosis calls a case that is about a service that was due, and the workshop one that it has done. */
const service = 'planned-maintenance'

/** False for a service that was due and done, without anything being found: nothing has failed. */
export function isFailure({ hypothesis, workOrder }: manufacturing.RecordFailureRequest): boolean {
  const found = workOrder?.failureModeFound.trim().toLowerCase() ?? ''
  return found !== service && (hypothesis?.failureMode !== service || !nothingFound.has(found))
}

/**
 * What is kept of a case that went to the workshop. One per case, whatever the number of deliveries.
 * Terminal FAILURE_INCOMPLETE when it does not say which case and vehicle it is about.
 */
export function failureOf(request: manufacturing.RecordFailureRequest, at: string): Failure {
  const { caseId, vehicle, hypothesis, workOrder, feedback } = request
  if (caseId === '' || vehicle === undefined || vehicle.vehicleId === '') {
    throw new Terminal('FAILURE_INCOMPLETE', 'a failure names its case and its vehicle; found one without', {
      hint: 'send case_id and vehicle with its vehicle_id',
    })
  }
  const verdict = verdictOf(workOrder)
  const predicted = hypothesis?.failureMode ?? ''
  return {
    verdict,
    record: {
      failureId: `failure-${caseId}`,
      caseId,
      vehicleId: vehicle.vehicleId,
      model: vehicle.model || 'unknown',
      buildMonth: vehicle.buildMonth,
      plant: vehicle.plant,
      system: request.system,
      component: componentOf(workOrder?.componentReplaced, hypothesis?.component),
      failureMode: verdict === 'unseen' ? predicted : (workOrder?.failureModeFound ?? ''),
      predictedFailureMode: predicted,
      odometerKm: workOrder?.odometerKm ?? 0,
      monthsInService: monthsInService(startOfService(vehicle), at),
      repaired: workOrder?.repaired ?? false,
      rating: feedback?.rating ?? 0,
      at,
    },
  }
}

function verdictOf(workOrder: manufacturing.RecordFailureRequest['workOrder']): Verdict {
  if (workOrder === undefined) return 'unseen'
  return nothingFound.has(workOrder.failureModeFound.trim().toLowerCase()) ? 'not-found' : 'confirmed'
}

function componentOf(replaced: string | undefined, suspected: string | undefined): string {
  return replaced || suspected || 'unknown'
}
