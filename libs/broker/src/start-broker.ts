import { setTimeout as delay } from 'node:timers/promises'
import { Terminal } from '@pitcrew/errors'
import { runServer, type ServerExit, type ServerProcess } from './child.ts'
import { configText, type BrokerConfig, type MqttListener } from './config.ts'
import { layOut, prepare, writeConfig } from './layout.ts'
import { health, mqttPortOf, takenPorts, type Ports } from './monitor.ts'
import { reload } from './reload.ts'
import { startFailure } from './start-failure.ts'
import { claimStore, type PreviousRun, type StoreClaim } from './store-claim.ts'
import type { BrokerTls, BrokerUser } from './users.ts'

export interface StartOptions {
  /** Path of the nats-server to run, as `findNatsServer` gives it. */
  executable: string
  /** JetStream's own folder; one broker at a time. Made when needed. */
  storeDir: string
  /** 0, the default, takes a free port. */
  port?: number
  monitorPort?: number
  /** Acknowledge a message only when it is on the disk. */
  syncAlways: boolean
  /** Left out: anyone who reaches the port may connect. */
  users?: BrokerUser[]
  host?: string
  tls?: BrokerTls
  /** Left out: no MQTT. */
  mqtt?: MqttListener
  /** Default: `nats-server.conf` in the store. */
  configPath?: string
  /** Default: `../logs/nats-server.log` from the store. */
  logFile?: string
  /** How long the server may take to recover its store and be ready, milliseconds. */
  readyWithinMs?: number
}

export interface Broker {
  /** `nats://127.0.0.1:4222`, or `tls://` with certificates. */
  url: string
  port: number
  /** Of the MQTT gateway, where one was asked for. */
  mqttPort: number | undefined
  /** `http://127.0.0.1:8222` */
  monitorUrl: string
  pid: number
  logFile: string
  /** What the store told of the run before. */
  previousRun: PreviousRun
  /** Lets clients go and ends the server; with SIGKILL when it takes longer than `withinMs` (default 10 s). */
  stop(withinMs?: number): Promise<void>
  /** Ends it at once with SIGKILL, as a crash would. Await `exited` for it to be gone. */
  kill(): void
  /** Replaces the users of the running server. Who is no longer named, or may now do less, is disconnected by it. */
  setUsers(users: BrokerUser[]): Promise<void>
  /** Settles when the server has ended, by whatever cause; never rejects. */
  exited: Promise<ServerExit>
}

/**
 * Runs a nats-server on a store until it is stopped or this process ends.
 *
 * Throws Terminal BROKER_STORE_IN_USE, BROKER_PORT_TAKEN, BROKER_EXPOSED, BROKER_CONFIG_INVALID, BROKER_STORE_FORBIDDEN,
 * BROKER_NOT_EXECUTABLE or BROKER_CLAIM_UNREADABLE, and Retryable BROKER_DISK_FULL or BROKER_NOT_STARTED (message: the end of the server's log).
 */
export async function startBroker(options: StartOptions): Promise<Broker> {
  const { config, configPath } = layOut(options)
  const text = configText(config)
  const claim = await claimStore(config.storeDir, configPath)
  try {
    prepare(config, configPath, text)
    const server = await run(options.executable, configPath, claim)
    const ports = await ready(server, options, config)
    const mqttPort = config.mqtt && (await mqttPortOf(`http://127.0.0.1:${ports.monitor}`))
    return broker(server, ports, { config, configPath, claim, mqttPort })
  } catch (error) {
    claim.release()
    throw error
  }
}

async function run(executable: string, configPath: string, claim: StoreClaim): Promise<ServerProcess> {
  try {
    return await runServer(executable, ['--config', configPath], claim.serverStarted)
  } catch (error) {
    throw new Terminal('BROKER_NOT_EXECUTABLE', `${executable} cannot be run: ${(error as Error).message}`, {
      hint: 'give the path that findNatsServer found',
      cause: error,
    })
  }
}

interface Running {
  config: BrokerConfig
  configPath: string
  claim: StoreClaim
  mqttPort: number | undefined
}

async function ready(
  server: ServerProcess,
  { executable, readyWithinMs = 60_000 }: StartOptions,
  config: BrokerConfig,
): Promise<Ports> {
  const deadline = Date.now() + readyWithinMs
  let ended: ServerExit | undefined
  void server.exited.then((exit) => (ended = exit))
  let waitingFor = 'it took no port'
  while (!ended && Date.now() < deadline) {
    const ports = takenPorts(config.portsDir, executable, server.pid)
    const state = ports ? await health(`http://127.0.0.1:${ports.monitor}`) : waitingFor
    if (ports && state === true) return ports
    waitingFor = String(state)
    await delay(15)
  }
  const why = ended
    ? `it ended with ${ended.signal ?? `code ${ended.code}`}`
    : `not ready within ${readyWithinMs} ms: ${waitingFor}`
  server.signal('SIGKILL')
  await server.exited
  throw startFailure(why, config.logFile, server.said())
}

function broker(server: ServerProcess, ports: Ports, running: Running): Broker {
  const { config, configPath, claim, mqttPort } = running
  const monitorUrl = `http://127.0.0.1:${ports.monitor}`
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host
  return {
    url: `${config.tls ? 'tls' : 'nats'}://${host.includes(':') ? `[${host}]` : host}:${ports.client}`,
    port: ports.client,
    mqttPort,
    monitorUrl,
    pid: server.pid,
    logFile: config.logFile,
    previousRun: claim.previousRun,
    exited: server.exited,
    kill: () => server.signal('SIGKILL'),
    async stop(withinMs = 10_000) {
      server.signal('SIGTERM')
      const timer = setTimeout(() => server.signal('SIGKILL'), withinMs)
      await server.exited
      clearTimeout(timer)
      claim.release()
    },
    async setUsers(users) {
      if (!config.users) throw open()
      writeConfig(configPath, configText({ ...config, users }))
      await reload(server, monitorUrl, config.logFile)
    },
  }
}

function open(): Terminal {
  return new Terminal(
    'BROKER_OPEN',
    'this broker was started without users, and a running server cannot begin to ask for them',
    {
      hint: 'name at least one user in startBroker',
    },
  )
}
