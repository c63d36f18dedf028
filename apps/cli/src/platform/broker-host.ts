/**
 * The nats-server of an all-in-one, with an identity for each service.
 *
 * 1. A server that ends unasked is started again on the same store and port; the services reconnect by themselves.
 * 2. One that met a full disk is started again when there is room: until then it would refuse every message.
 * 3. When it ends again and again (its disk is full, say), the platform is told and stops: half a platform helps nobody.
 */
import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  ensureIdentities,
  ensureIssuer,
  findNatsServer,
  startBroker,
  type Broker,
  type BrokerUser,
  type Identity,
} from '@pitcrew/broker'
import { services, type ServiceName } from '@pitcrew/contracts'
import { toFailure, type Failure } from '@pitcrew/errors'
import { servicePermissions } from '@pitcrew/jobs'
import type { Logger } from '@pitcrew/observability'
import { envPrefix, startLoop } from '@pitcrew/service'
import { brokerHealer } from './broker-healer.ts'
import { binDir } from './checkout.ts'

export interface BrokerHost {
  url: string
  /** Names of environment variables with the seed of each service, and of who lets devices in. */
  seeds: Record<string, string>
  provisionerSeed: string | undefined
  words: string
  /** Ends the server as a crash would; it comes back by itself. */
  crash(): void
  stop(): Promise<void>
}

export interface BrokerHostOptions {
  dataDir: string
  port: number
  monitorPort: number
  mqttPort: number
  env: Record<string, string | undefined>
  logger: Logger
  onProgress: (words: string) => void
  /** The server cannot be kept up. */
  onLost: (failure: Failure) => void
}

type User = ServiceName | 'provisioner'

const attempts = 6

export async function hostBroker(options: BrokerHostOptions): Promise<BrokerHost> {
  const { dataDir, port, monitorPort, mqttPort, env, onProgress } = options
  const server = await findNatsServer({
    cacheDir: binDir,
    env,
    onProgress: ({ source, outcome, words }) =>
      outcome === 'trying' && source !== 'path' && source !== 'cache' && onProgress(words),
  })
  const identities = await ensureIdentities<User>(join(dataDir, 'secrets'), [...services, 'provisioner'])
  const issuer = await ensureIssuer(join(dataDir, 'secrets'))
  const admission = { issuer: issuer.publicKey, answeredBy: [identities['telematics-ingest'].publicKey] }
  const start = () =>
    startBroker({
      executable: server.path,
      storeDir: join(dataDir, 'nats'),
      port,
      monitorPort,
      syncAlways: true,
      users: usersOf(identities),
      mqtt: { port: mqttPort, admission },
    })
  const kept = keepUp(await start(), start, options)
  const healing = heal(kept, join(dataDir, 'nats'), options.logger)
  return {
    url: kept.current().url,
    seeds: {
      ...Object.fromEntries(services.map((name) => [`NATS_NKEY_SEED_${envPrefix(name)}`, identities[name].seed])),
      DEVICE_ISSUER_SEED: issuer.seed,
    },
    provisionerSeed: identities.provisioner.seed,
    words: `nats-server ${server.version} (${server.source})`,
    crash: () => kept.current().kill(),
    async stop() {
      await healing.stop()
      await kept.stop()
    },
  }
}

const healEveryMs = 5_000

function heal(kept: ReturnType<typeof keepUp>, storeDir: string, logger: Logger) {
  const healer = brokerHealer({
    logFile: kept.current().logFile,
    freeBytes() {
      const { bavail, bsize } = statfsSync(storeDir)
      return bavail * bsize
    },
    restart() {
      logger.warn('nats-server met a full disk; there is room again, and it is started anew')
      kept.current().kill()
    },
  })
  const run = async () => healer.look()
  return startLoop({ name: 'looking whether nats-server can write', everyMs: healEveryMs, logger, run })
}

function usersOf(identities: Record<User, Identity>): BrokerUser[] {
  const ofServices = services.map((name): BrokerUser => {
    const { publish, subscribe, allowResponses } = servicePermissions(name)
    return {
      nkey: identities[name].publicKey,
      inboxPrefix: `_INBOX_${name}`,
      permissions: {
        publish: { allow: publish },
        subscribe: { allow: subscribe },
        allowResponses,
      },
    }
  })
  return [...ofServices, { nkey: identities.provisioner.publicKey, inboxPrefix: '_INBOX_provisioner' }]
}

function keepUp(first: Broker, start: () => Promise<Broker>, { logger, onLost }: BrokerHostOptions) {
  let broker = first
  let stopping = false
  let restarting: Promise<void> = Promise.resolve()

  async function restart(): Promise<void> {
    for (let attempt = 1; !stopping; attempt++) {
      try {
        broker = await start()
        logger.info('nats-server is back', { pid: broker.pid })
        return watch()
      } catch (error) {
        const failure = toFailure(error)
        logger.error('nats-server cannot be started again', { attempt, error: failure })
        if (attempt === attempts) return onLost(failure)
        await pause(200 * 2 ** attempt)
      }
    }
  }
  function watch(): void {
    void broker.exited.then((exit) => {
      if (stopping) return
      logger.error('nats-server has ended unasked and is started again', { ...exit })
      restarting = restart()
    })
  }
  watch()
  return {
    current: () => broker,
    async stop() {
      stopping = true
      await restarting
      await broker.stop()
    },
  }
}
