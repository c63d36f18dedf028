import type { Capability, EventType, ServiceName } from '@pitcrew/contracts'

/** The operations that each service may perform, derived from the contracts: whatever is not listed is a violation. */
export type Manifest = ReadonlyMap<string, ReadonlySet<string>>

export interface Contracts {
  services: readonly ServiceName[]
  capabilities: readonly Pick<Capability<never, never>, 'name' | 'service'>[]
  events: readonly Pick<EventType<never>, 'subject' | 'producers' | 'consumers'>[]
  /** gRPC method paths, "/pitcrew.scheduling.v1.SchedulingService/ListSlots", by the service that serves them. */
  methods: readonly { service: ServiceName; path: string }[]
  /** The service that acts for people and may call every method. */
  front: ServiceName
}

/** What every service does: say who it is. */
const common = ['authenticate']

export function manifestOf(contracts: Contracts): Manifest {
  const manifest = new Map<string, Set<string>>(contracts.services.map((service) => [service, new Set(common)]))
  const allow = (service: string, operation: string) => manifest.get(service)?.add(operation)
  for (const { service, name } of contracts.capabilities) allow(service, name)
  for (const { subject, producers, consumers } of contracts.events) {
    for (const service of [...producers, ...consumers]) allow(service, subject)
  }
  for (const { service, path } of contracts.methods) {
    allow(service, path)
    allow(contracts.front, path)
  }
  return manifest
}

export function isAllowed(manifest: Manifest, service: string, operation: string): boolean {
  return manifest.get(service)?.has(operation) ?? false
}
