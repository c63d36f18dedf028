import { telemetry } from '@pitcrew/contracts'
import { bidi, listLimit, unary, type RpcService } from '@pitcrew/rpc'
import type { Intake } from './handlers/accept-frames.ts'
import type { QuarantineStore, VehicleRegistry } from './handlers/ports.ts'
import type { RegisterVehicle } from './handlers/register-vehicle.ts'
import { answerInOrder } from './handlers/stream-frames.ts'

export interface GrpcDoor {
  intake: Intake
  register: RegisterVehicle
  registry: Pick<VehicleRegistry, 'list'>
  quarantine: Pick<QuarantineStore, 'list'>
}

/** Requests of one stream that may wait for the broker at one time. */
const window = 64

export function telemetryService({ intake, register, registry, quarantine }: GrpcDoor): RpcService {
  const implementation: telemetry.TelemetryServiceServer = {
    publish: unary(({ frames }) => intake.accept('grpc', frames)),
    stream: bidi((requests, send, { signal }) => {
      const answer = async ({ batch, frames }: telemetry.StreamRequest): Promise<telemetry.StreamResponse> => ({
        batch,
        result: await intake.acceptWhenRoom('grpc-stream', frames, signal),
      })
      return answerInOrder(requests, answer, send, window)
    }),
    registerVehicle: unary(async ({ vehicle }) => {
      await register(vehicle)
      return {}
    }),
    listVehicles: unary(async ({ limit }) => ({ vehicles: await registry.list(listLimit(limit)) })),
    listQuarantined: unary(async ({ vehicleId, limit }) => ({
      quarantined: await quarantine.list(vehicleId, listLimit(limit)),
    })),
  }
  return { definition: telemetry.TelemetryServiceService, implementation }
}
