import type { ServiceName } from '@pitcrew/contracts'

interface Ports {
  grpc: number
  ops: number
  http?: number
}

/** Where each service listens unless its environment says otherwise; all differ, so that one machine can hold all of them. */
export const defaultPorts: Record<ServiceName, Ports> = {
  gateway: { http: 8080, grpc: 50050, ops: 9050 },
  'telematics-ingest': { http: 8081, grpc: 50051, ops: 9051 },
  'data-analysis': { grpc: 50052, ops: 9052 },
  orchestrator: { grpc: 50053, ops: 9053 },
  'customer-engagement': { grpc: 50054, ops: 9054 },
  scheduling: { grpc: 50055, ops: 9055 },
  'manufacturing-insights': { grpc: 50056, ops: 9056 },
  ueba: { grpc: 50057, ops: 9057 },
}

/** `customer-engagement` as it begins names of environment variables: CUSTOMER_ENGAGEMENT. */
export function envPrefix(service: ServiceName): string {
  return service.toUpperCase().replaceAll('-', '_')
}
