import type { manufacturing, vehicle } from '@pitcrew/contracts'
import { failureOf, isFailure, type Failure } from '../domain/failure.ts'

export interface FailureLedger {
  record(failure: Failure, subject: vehicle.Vehicle): Promise<manufacturing.RecordFailureResponse>
}

/** Task manufacturing.record-failure: idempotent by case id. Of a service that was due nothing is recorded, and no id is given. */
export function recordFailureTask(ledger: FailureLedger, now: () => string) {
  return async (request: manufacturing.RecordFailureRequest): Promise<manufacturing.RecordFailureResponse> =>
    isFailure(request)
      ? ledger.record(failureOf(request, now()), request.vehicle!)
      : { failureId: '', capaId: '', capaOpened: false }
}
