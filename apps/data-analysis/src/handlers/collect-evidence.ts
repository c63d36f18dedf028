import { vehicle, type analysis } from '@pitcrew/contracts'
import { latestOf } from '../domain/index.ts'
import { evidenceMessage } from '../messages/alert.ts'
import { intervalMessage } from '../messages/vocabulary.ts'
import { alertOfTask } from './alert-of-task.ts'
import type { CaseFiles, VehicleRegister } from './ports.ts'

/** Task analysis.collect-evidence: the alert's evidence, and which vehicle it is about as far as that is registered. */
export function collectEvidence(files: Pick<CaseFiles, 'alert'>, register: Pick<VehicleRegister, 'find'>) {
  return async (request: analysis.CollectEvidenceRequest): Promise<analysis.CollectEvidenceResponse> => {
    const { alert, snapshot } = await alertOfTask(files, request)
    const { vehicleId } = alert
    return {
      evidence: snapshot.findings.map(evidenceMessage),
      dtcs: snapshot.codes,
      timeToFailure: intervalMessage(snapshot.timeToFailure),
      vehicle: (await register.find(vehicleId)) ?? vehicle.Vehicle.fromPartial({ vehicleId }),
      latest: latestOf(snapshot),
    }
  }
}
