import { telemetry } from '@pitcrew/contracts'
import { bidi, listLimit, unary, type CallContext, type RpcService } from '@pitcrew/rpc'
import { readPublishRequest, readStreamRequest } from './domain/read-frames.ts'
import type { Intake } from './handlers/accept-frames.ts'
import type { DeviceGate } from './handlers/devices/device-gate.ts'
import type { VehicleRegistry } from './handlers/ports.ts'
import type { RegisterVehicle } from './handlers/register-vehicle.ts'
import { answerInOrder } from './handlers/stream-frames.ts'

export interface GrpcDoor {
  intake: Intake
  gate: DeviceGate
  register: RegisterVehicle
  registry: Pick<VehicleRegistry, 'list'>
}

/** Requests of one stream that may wait for the broker at one time. */
const window = 64

export function telemetryService({ intake, gate, register, registry }: GrpcDoor): RpcService {
  const implementation: telemetry.TelemetryServiceServer = {
    ...doorOf(intake, gate),
    registerVehicle: unary(async ({ vehicle }) => {
      await register(vehicle)
      return {}
    }),
    listVehicles: unary(async ({ limit }) => ({ vehicles: await registry.list(listLimit(limit)) })),
  }
  return { definition: { ...telemetry.TelemetryServiceService, publish, stream }, implementation }
}

const definition = telemetry.TelemetryServiceService
const publish = { ...definition.publish, requestDeserialize: readPublishRequest }
const stream = { ...definition.stream, requestDeserialize: readStreamRequest }

/** What a device needs, and nothing else of this service: for a port that devices can reach. */
export function deviceDoor(intake: Intake, gate: DeviceGate): RpcService {
  return { definition: { publish, stream }, implementation: { ...doorOf(intake, gate) } }
}

function doorOf(intake: Intake, gate: DeviceGate): Pick<telemetry.TelemetryServiceServer, 'publish' | 'stream'> {
  return {
    publish: unary(async ({ frames }, call) => intake.accept('grpc', frames, await gate.admit(authorization(call)))),
    stream: bidi((requests, send, call) => {
      const begin = async ({ batch, frames }: telemetry.StreamRequest) => {
        // With each request: a stream may live for days, and a revoked device must not.
        const sender = await gate.admit(authorization(call))
        const { answer } = await intake.beginWhenRoom('grpc-stream', frames, call.signal, sender)
        return { answer: answer.then((result): telemetry.StreamResponse => ({ batch, result })) }
      }
      return answerInOrder(requests, begin, send, window)
    }),
  }
}

const authorization = ({ metadata }: CallContext) => metadata.get('authorization')[0]?.toString()
