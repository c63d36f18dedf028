import { agent } from '@pitcrew/contracts'
import { escapeToken, type Messaging } from '@pitcrew/messaging'

export interface HeartbeatOptions {
  messaging: Messaging
  service: string
  instance: string
  version: string
  capabilities: string[]
  running: () => number
}

const everyMs = 2_000

/** Tells at once and then every two seconds who is here and what it can do. Returns what stops it. */
export function beat({ messaging, service, instance, version, capabilities, running }: HeartbeatOptions): () => void {
  const subject = `agent.heartbeat.${escapeToken(service)}.${escapeToken(instance)}`
  const send = () => {
    if (messaging.connection.isClosed()) return
    const heartbeat = agent.Heartbeat.fromPartial({
      agent: `${service}.${instance}`,
      service,
      version,
      capabilities,
      running: running(),
      at: new Date().toISOString(),
    })
    messaging.signal(subject, agent.Heartbeat.encode(heartbeat).finish())
  }
  send()
  const timer = setInterval(send, everyMs)
  return () => clearInterval(timer)
}
