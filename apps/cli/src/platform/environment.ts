import { join } from 'node:path'
import { services } from '@pitcrew/contracts'
import { envPrefix } from '@pitcrew/service'
import type { Env } from './hosted-service.ts'
import type { Ports } from './ports.ts'

export interface EnvironmentOptions {
  dataDir: string
  ports: Ports
  given: Env
  simulator: boolean
}

/** What an all-in-one sets for its services where the person has set nothing. */
export function environmentOf({ dataDir, ports, given, simulator }: EnvironmentOptions): Env {
  const at = (key: string) => `127.0.0.1:${ports[key]}`
  const addresses = services.flatMap((name) => {
    const key = `${envPrefix(name)}_GRPC_PORT`
    return key in ports ? [[`${envPrefix(name)}_ADDR`, at(key)]] : []
  })
  const ours: Env = {
    ...Object.fromEntries(addresses),
    DATABASE_URL: `pglite:${join(dataDir, 'postgres')}`,
    ENGAGEMENT_MASTER_KEY_FILE: join(dataDir, 'secrets', 'engagement-master.key'),
    PUBLIC_URL: `http://${at('GATEWAY_HTTP_PORT')}`,
    GATEWAY_URL: `http://${at('GATEWAY_HTTP_PORT')}`,
    ...(simulator ? simulated(at) : {}),
  }
  return { ...ours, ...given, ...Object.fromEntries(Object.entries(ports).map(([key, port]) => [key, String(port)])) }
}

const simulated = (at: (key: string) => string): Env => ({
  SMTP_URL: `smtp://${at('SIMULATOR_SMTP_PORT')}`,
  DEALER_URL: `http://${at('SIMULATOR_DEALER_PORT')}`,
  TELEMATICS_APIS: `http://${at('SIMULATOR_TELEMATICS_PORT')}`,
})

export function urlsOf(
  ports: Ports,
  { natsUrl, simulator }: { natsUrl: string; simulator: boolean },
): Record<string, string> {
  const http = (key: string) => `http://127.0.0.1:${ports[key]}`
  const gateway = http('GATEWAY_HTTP_PORT')
  return {
    gateway,
    docs: `${gateway}/docs`,
    ingest: http('TELEMATICS_INGEST_HTTP_PORT'),
    grpc: `127.0.0.1:${ports.TELEMATICS_INGEST_GRPC_PORT}`,
    nats: natsUrl,
    mqtt: `mqtt://127.0.0.1:${ports.NATS_MQTT_PORT}`,
    ...(simulator
      ? {
          mail: http('SIMULATOR_MAIL_PORT'),
          simulator: http('SIMULATOR_CONTROL_PORT'),
          dealer: http('SIMULATOR_DEALER_PORT'),
          telematics: http('SIMULATOR_TELEMATICS_PORT'),
        }
      : {}),
  }
}
