import { agent, agentTypesOf } from '@pitcrew/contracts'
import { escapeToken, type Messaging } from '@pitcrew/messaging'

export interface HeartbeatOptions {
  messaging: Messaging
  service: string
  instance: string
  version: string
  capabilities: string[]
  running: () => number
  /** Tasks at once; left out when it does not say. */
  slots?: number
  /** What it knows most about, "cooling", "brakes": any words. */
  expertise?: readonly string[]
}

const everyMs = 2_000

/** Tells at once and then every two seconds who is here, what it can do and how busy it is. Returns what stops it. */
export function beat(options: HeartbeatOptions): () => void {
  const { messaging, service, instance, version, capabilities, running, slots = 0, expertise = [] } = options
  const subject = `agent.heartbeat.${escapeToken(service)}.${escapeToken(instance)}`
  const self = {
    agent: `${service}.${instance}`,
    service,
    version,
    capabilities,
    types: agentTypesOf(capabilities),
    expertise: expertise.map((tag) => tag.toLowerCase()),
    slots,
    startedAt: new Date().toISOString(),
  }
  const send = () => {
    if (messaging.connection.isClosed()) return
    const heartbeat = agent.Heartbeat.fromPartial({ ...self, running: running(), at: new Date().toISOString() })
    messaging.signal(subject, agent.Heartbeat.encode(heartbeat).finish())
  }
  send()
  const timer = setInterval(send, everyMs)
  return () => clearInterval(timer)
}
