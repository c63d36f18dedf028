import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** The ports that a server took, as it wrote them down; undefined until it has. */
export interface Ports {
  client: number
  monitor: number
}

/** nats-server names the file after its own executable and process. */
export function takenPorts(portsDir: string, executable: string, pid: number): Ports | undefined {
  try {
    const written = JSON.parse(readFileSync(join(portsDir, `${basename(executable)}_${pid}.ports`), 'utf8'))
    return { client: portOf(written.nats?.[0]), monitor: portOf(written.monitoring?.[0]) }
  } catch {
    return undefined // not there yet, or half written
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port)
}

/** True once the server takes clients and JetStream has recovered its streams; the reason while it does not. */
export async function health(monitorUrl: string): Promise<true | string> {
  const answer = await ask(`${monitorUrl}/healthz`)
  if (typeof answer === 'string') return answer
  return answer.status === 'ok' ? true : String(answer.error ?? answer.status)
}

/** When the running configuration was read, as the server tells it. */
export async function configLoadedAt(monitorUrl: string): Promise<string | undefined> {
  const answer = await ask(`${monitorUrl}/varz`)
  return typeof answer === 'string' ? undefined : String(answer.config_load_time)
}

/** The port of the MQTT gateway, which the server does not write down with the others. */
export async function mqttPortOf(monitorUrl: string): Promise<number | undefined> {
  const answer = await ask(`${monitorUrl}/varz`)
  const mqtt = typeof answer === 'string' ? undefined : (answer.mqtt as { port?: number } | undefined)
  return mqtt?.port
}

async function ask(url: string): Promise<Record<string, unknown> | string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    return (await response.json()) as Record<string, unknown>
  } catch (error) {
    return (error as Error).message
  }
}
