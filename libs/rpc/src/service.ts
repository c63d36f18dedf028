import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js'

/** A generated service and what answers it: handlers made with `unary` and `bidi`. */
export interface RpcService {
  definition: ServiceDefinition
  implementation: UntypedServiceImplementation
}

/** PEM. Both sides show a certificate that `ca` signed. */
export interface Tls {
  ca: Buffer
  cert: Buffer
  key: Buffer
}

/** `/pitcrew.scheduling.v1.SchedulingService/ListSlots` of a definition, in its two parts. */
export function partsOf(path: string): { service: string; method: string } {
  const [, service = '', method = ''] = path.split('/')
  return { service, method }
}
