/** The doors that are measured, and the bare publication that they are measured against. */
export const doors = ['http', 'httpProtobuf', 'grpcStream', 'mqtt'] as const

export type Door = (typeof doors)[number]
export type ContenderName = Door | 'bare'

export const titles: Record<ContenderName, string> = {
  bare: 'bare JetStream publish',
  http: 'HTTP, JSON',
  httpProtobuf: 'HTTP, protobuf',
  grpcStream: 'gRPC stream',
  mqtt: 'MQTT, QoS 1',
}

/** As fleets send: a gateway that has gathered posts a hundred frames, one that is on line sends some at a time. */
export const framesPerMessage: Record<ContenderName, number> = {
  bare: 1,
  http: 100,
  httpProtobuf: 100,
  grpcStream: 20,
  mqtt: 20,
}

/** Frames that are not acknowledged yet, at most, for each contender. */
export const inFlight = 500

export const signalsPerFrame = 25
export const vehicles = 500
