/**
 * Which port everything of an all-in-one takes. The names are those of the environment variables that the services
 * themselves read, so a plan is also the environment that makes them listen there.
 */
import { createServer, type Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { services } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { defaultPorts, envPrefix } from '@pitcrew/service'

/** `default`, all moved up by a number, or any free ones. */
export type PortChoice = 'default' | 'free' | number

export type Ports = Record<string, number>

const simulatorPorts: Ports = {
  SIMULATOR_TELEMATICS_PORT: 8000,
  SIMULATOR_DEALER_PORT: 8001,
  SIMULATOR_CONTROL_PORT: 8002,
  SIMULATOR_SMTP_PORT: 2525,
  SIMULATOR_MAIL_PORT: 8025,
}

export function wellKnownPorts({ simulator }: { simulator: boolean }): Ports {
  const ports: Ports = { NATS_PORT: 4222, NATS_MONITOR_PORT: 8222, NATS_MQTT_PORT: 1883 }
  for (const name of services) {
    const { http, grpc, ops } = defaultPorts[name]
    const prefix = envPrefix(name)
    if (http !== undefined) ports[`${prefix}_HTTP_PORT`] = http
    if (name !== 'gateway') ports[`${prefix}_GRPC_PORT`] = grpc
    ports[`${prefix}_OPS_PORT`] = ops
  }
  return simulator ? { ...ports, ...simulatorPorts } : ports
}

/** `PITCREW_PORTS` or `--ports`. Throws Terminal BAD_USAGE. */
export function readPortChoice(text: string | undefined): PortChoice {
  if (text === undefined || text === '' || text === 'default') return 'default'
  if (text === 'free') return 'free'
  const offset = Number(text)
  if (Number.isInteger(offset) && offset >= 0 && offset <= 10_000) return offset
  throw new Terminal('BAD_USAGE', `ports is "${text}": expected default, free, or a number to add to each port`, {
    hint: 'for example --ports free, or --ports 1000 for 9080 instead of 8080',
  })
}

/** Throws Terminal BAD_CONFIG for a variable that holds no port, PORT_TAKEN when something listens there already. */
export async function planPorts(
  choice: PortChoice,
  { env, simulator }: { env: Record<string, string | undefined>; simulator: boolean },
): Promise<Ports> {
  const known = wellKnownPorts({ simulator })
  const fixed = Object.fromEntries(
    Object.entries(known).flatMap(([key, port]) => {
      const wish = portOf(key, env[key]) ?? (choice === 'free' ? undefined : port + (choice === 'default' ? 0 : choice))
      return wish === undefined || wish === 0 ? [] : [[key, wish]]
    }),
  )
  await refuseTaken(fixed)
  const others = Object.keys(known).filter((key) => !(key in fixed))
  const free = await freePorts(others.length)
  return { ...fixed, ...Object.fromEntries(others.map((key, index) => [key, free[index]!])) }
}

function portOf(key: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new Terminal('BAD_CONFIG', `${key}: found '${text}', expected a port, 0 to 65535`)
}

async function refuseTaken(ports: Ports): Promise<void> {
  const tried = await Promise.all(
    Object.entries(ports).map(async ([key, port]) => ({ key, port, free: await isFree(port) })),
  )
  const [taken] = tried.filter(({ free }) => !free)
  if (taken === undefined) return
  throw new Terminal('PORT_TAKEN', `something listens on 127.0.0.1:${taken.port} already, which is for ${taken.key}`, {
    hint: `set ${taken.key} to another port, or move all of them: --ports 1000, --ports free`,
  })
}

async function isFree(port: number): Promise<boolean> {
  try {
    await close(await listen(port))
    return true
  } catch {
    return false
  }
}

/** Ports of 127.0.0.1 that nothing listens on. All are held until each is found, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map(close))
  return ports
}

function listen(port: number): Promise<Server> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server))
  })
}

const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))
