/**
 * The whole platform in one process, its data in one folder: broker, streams, services and, for trying out, the world
 * around it.
 *
 * 1. Whatever fails on the way up, all that was started is stopped again before the failure is thrown.
 * 2. It stops from the outside in: first nothing new comes, then the services finish what they have, last the broker ends.
 */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { services, type ServiceName } from '@pitcrew/contracts'
import { toFailure, type Failure } from '@pitcrew/errors'
import { createTelemetry, type Telemetry } from '@pitcrew/observability'
import { startSimulator, type Simulator } from '@pitcrew/simulator'
import { hostBroker, type BrokerHost } from './broker-host.ts'
import { giveOutTables } from '../operate/backup/tables-door.ts'
import { environmentOf, urlsOf } from './environment.ts'
import { startInProcess, startSeparately, type Env, type HostedService } from './hosted-service.ts'
import { openLog, type LogFile } from './log-file.ts'
import { planPorts, type PortChoice, type Ports } from './ports.ts'
import { provisionBroker } from './provision.ts'

export interface PlatformOptions {
  dataDir: string
  ports: PortChoice
  /** The simulator beside it; default true. */
  simulator?: boolean
  /** Settings of the services; default process.env. */
  env?: Env
  /** Services that run as processes of their own. */
  separate?: readonly ServiceName[]
  onStep?: (step: Step) => void
  /** It cannot go on, because the broker cannot be kept up. */
  onLost?: (failure: Failure) => void
}

/** Something that was done on the way up, or (without `ms`) a word on what takes its time. */
export interface Step {
  name: string
  ms?: number
  words?: string
}

export interface Platform {
  /** `gateway`, `docs`, `ingest`, `nats` and, with the simulator, `mail`, `simulator`, `dealer`, `telematics`. */
  urls: Record<string, string>
  /** What the services were started with; a further process needs the same. */
  env: Env
  simulator: Simulator | undefined
  broker: Pick<BrokerHost, 'crash'> | undefined
  stopService(name: ServiceName): Promise<void>
  /** SIGKILL; only of a service that runs separately. */
  killService(name: ServiceName): Promise<void>
  /** Starts it again, after stopping it if it runs. */
  restartService(name: ServiceName): Promise<void>
  stop(): Promise<void>
}

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const start = new Start(options)
  try {
    return await start.run()
  } catch (error) {
    await start.stop()
    throw error
  }
}

type Closing = () => Promise<unknown>

class Start {
  readonly #options: PlatformOptions
  readonly #dataDir: string
  readonly #log: LogFile
  readonly #telemetry: Telemetry
  readonly #closings: Closing[] = []
  readonly #services = new Map<ServiceName, HostedService>()
  #env: Env
  #stopped: Promise<void> | undefined

  constructor(options: PlatformOptions) {
    this.#options = options
    this.#dataDir = resolve(options.dataDir)
    this.#env = options.env ?? process.env
    mkdirSync(this.#dataDir, { recursive: true, mode: 0o700 })
    this.#log = openLog(this.#dataDir)
    this.#telemetry = createTelemetry({ service: 'host', instance: String(process.pid), write: this.#log.write })
    this.#closings.push(this.#log.close, () => this.#telemetry.shutdown())
  }

  async run(): Promise<Platform> {
    const { ports: choice, simulator: simulated = true } = this.#options
    const given = this.#env
    const ports = await this.#step('ports', () => planPorts(choice, { env: given, simulator: simulated }))
    this.#env = environmentOf({ dataDir: this.#dataDir, ports, given, simulator: simulated })
    const broker = given.NATS_URL ? undefined : await this.#startBroker(ports)
    const natsUrl = broker?.url ?? given.NATS_URL!
    const nkeySeed = broker?.provisionerSeed ?? given.NATS_NKEY_SEED
    this.#env = { ...this.#env, ...broker?.seeds, NATS_URL: natsUrl }
    await this.#step('streams', () =>
      provisionBroker({ url: natsUrl, nkeySeed, replicas: 1, telemetry: this.#telemetry }),
    )
    this.#closings.push(() => this.#stopServices())
    const tables = { natsUrl, nkeySeed, databaseUrl: this.#env.DATABASE_URL ?? '', dataDir: this.#dataDir }
    this.#closings.push(await giveOutTables(tables))
    // First the world that the services will ask: mail, dealer, telematics.
    const simulator = simulated ? await this.#step('simulator', () => this.#startSimulator()) : undefined
    await allSettledOrFirstFailure(services.map((name) => this.#step(name, () => this.#startService(name))))
    return {
      urls: urlsOf(ports, { natsUrl, simulator: simulated }),
      env: this.#env,
      simulator,
      broker,
      stopService: (name) => this.#stopService(name),
      killService: async (name) => this.#take(name)?.kill(),
      restartService: async (name) => {
        await this.#stopService(name)
        await this.#startService(name)
      },
      stop: () => this.stop(),
    }
  }

  stop(): Promise<void> {
    return (this.#stopped ??= this.#stopAll())
  }

  async #stopAll(): Promise<void> {
    const failures: unknown[] = []
    for (const close of this.#closings.splice(0).reverse())
      await close().catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw toFailure(failures[0])
  }

  async #startBroker(ports: Ports): Promise<BrokerHost> {
    const { onStep, onLost = () => {} } = this.#options
    const { logger } = this.#telemetry
    const onProgress = (words: string) => onStep?.({ name: 'broker', words })
    const began = performance.now()
    const broker = await hostBroker({
      dataDir: this.#dataDir,
      port: ports.NATS_PORT!,
      monitorPort: ports.NATS_MONITOR_PORT!,
      mqttPort: ports.NATS_MQTT_PORT!,
      env: this.#env,
      logger,
      onProgress,
      onLost,
    })
    this.#closings.push(broker.stop)
    onStep?.({ name: 'broker', ms: performance.now() - began, words: broker.words })
    return broker
  }

  async #startService(name: ServiceName): Promise<void> {
    const separate = this.#options.separate?.includes(name) ?? false
    const service = separate
      ? await startSeparately(name, this.#env, this.#dataDir)
      : await startInProcess(name, this.#env, this.#log)
    this.#services.set(name, service)
  }

  #take(name: ServiceName): HostedService | undefined {
    const service = this.#services.get(name)
    this.#services.delete(name)
    return service
  }

  async #stopService(name: ServiceName): Promise<void> {
    await this.#take(name)?.stop()
  }

  async #stopServices(): Promise<void> {
    for (const name of ['telematics-ingest', 'gateway'] as const) await this.#stopService(name)
    await Promise.all(services.map((name) => this.#stopService(name)))
  }

  async #startSimulator(): Promise<Simulator> {
    const simulator = await startSimulator({
      env: this.#env,
      logger: this.#telemetry.logger.child({ service: 'simulator' }),
    })
    this.#closings.push(simulator.stop)
    // Rejections are logged by the simulator; the platform runs without a fleet as well.
    simulator.seeded.catch(() => {})
    return simulator
  }

  async #step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now()
    const result = await work()
    this.#options.onStep?.({ name, ms: performance.now() - began })
    return result
  }
}

/** Waits for all, so that what still starts can be stopped, and then fails with the first failure. */
async function allSettledOrFirstFailure(works: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}
