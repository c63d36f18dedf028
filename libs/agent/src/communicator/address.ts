/** "<service>.<instance>" is one agent, "<service>" any one instance of it. A service's name has no dot, an instance's may. */
import { anyInstance, services, type ServiceName } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'

export interface Address {
  service: ServiceName
  /** undefined: any one. */
  instance: string | undefined
}

/** Terminal BAD_ADDRESS. */
export function parseAddress(address: string): Address {
  const dot = address.indexOf('.')
  const service = dot === -1 ? address : address.slice(0, dot)
  const instance = dot === -1 ? undefined : address.slice(dot + 1)
  const known = services.find((name) => name === service)
  if (known !== undefined && instance !== '' && instance !== anyInstance) return { service: known, instance }
  throw new Terminal('BAD_ADDRESS', `"${address}" is no agent; expected "<service>" or "<service>.<instance>"`, {
    hint: `services are ${services.join(', ')}`,
  })
}

/** As the last two tokens of a key. */
export const addressTokens = ({ service, instance = anyInstance }: Address): [string, string] => [service, instance]
