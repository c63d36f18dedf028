import type { manufacturing, vehicle } from '@pitcrew/contracts'
import { failureOf, type Failure } from '../domain/failure.ts'

export interface FailureLedger {
  record(failure: Failure, subject: vehicle.Vehicle): Promise<manufacturing.RecordFailureResponse>
}

/** Task manufacturing.record-failure: idempotent by case id. */
export function recordFailureTask(ledger: FailureLedger, now: () => string) {
  return async (request: manufacturing.RecordFailureRequest): Promise<manufacturing.RecordFailureResponse> =>
    ledger.record(failureOf(request, now()), request.vehicle!)
}
