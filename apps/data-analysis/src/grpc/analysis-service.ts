import { analysis } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { unary, type RpcService } from '@pitcrew/rpc'
import { hazardIn30Days, systemHealth, type SystemHealth } from '../domain/index.ts'
import type { AlertList, CaseFiles, VehicleRegister } from '../handlers/ports.ts'
import { intervalMessage, isoTime, systemMessage } from '../messages/vocabulary.ts'

export interface AnalysisDoor {
  files: Pick<CaseFiles, 'state'> & AlertList
  register: Pick<VehicleRegister, 'find'>
}

export function analysisService({ files, register }: AnalysisDoor): RpcService {
  const implementation: analysis.AnalysisServiceServer = {
    getVehicleHealth: unary(async ({ vehicleId }: analysis.GetVehicleHealthRequest) => {
      const state = (await files.state(vehicleId))?.state
      if (state === undefined && (await register.find(vehicleId)) === undefined) throw unknownVehicle(vehicleId)
      return {
        vehicleId,
        frames: state?.frames ?? 0,
        lastDeviceTime: state && state.frames > 0 ? isoTime(state.lastMs) : undefined,
        systems: state ? systemHealth(state).map(healthMessage) : [],
        openAlerts: await files.openAlerts(vehicleId),
      }
    }),
  }
  return { definition: analysis.AnalysisServiceService, implementation }
}

const healthMessage = ({ system, assessment }: SystemHealth): analysis.SystemHealth => ({
  system: systemMessage(system),
  hazard: hazardIn30Days(assessment),
  timeToFailure: assessment && intervalMessage(assessment.timeToFailure),
})

const unknownVehicle = (vehicleId: string) =>
  new Terminal('NOT_FOUND', `vehicle ${JSON.stringify(vehicleId)} is neither registered nor has it sent telemetry`, {
    hint: 'list the vehicles of telematics-ingest',
  })
