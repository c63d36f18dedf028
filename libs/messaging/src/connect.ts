import {
  connect,
  errors,
  nkeyAuthenticator,
  type NatsConnection,
  type NodeConnectionOptions,
} from '@nats-io/transport-node'
import { Retryable, Terminal } from '@pitcrew/errors'
import type { Telemetry } from '@pitcrew/observability'
import { brokerFailure } from './broker-failure.ts'
import { backoffMs, pause } from './pause.ts'

export interface ConnectOptions {
  url: string
  service: string
  instance: string
  telemetry: Telemetry
  /** Seed of the service's nkey ("SU..."); else user and password, else nothing. */
  nkeySeed?: string
  user?: string
  password?: string
  /** Longest pause between attempts to get a lost connection back, which go on for ever. Default 1 s. */
  maxReconnectMs?: number
  /** How long to wait for a broker that is not up yet. Default 20 s. */
  connectWithinMs?: number
}

/** Each service may hear answers to its own requests only. */
export const inboxPrefix = (service: string): string => `_INBOX_${service}`

/** Retryable BROKER_UNAVAILABLE, Terminal UNAUTHENTICATED. */
export async function openConnection(options: ConnectOptions): Promise<NatsConnection> {
  const natsOptions = connectionOptions(options)
  const giveUpAt = performance.now() + (options.connectWithinMs ?? 20_000)
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect(natsOptions)
    } catch (thrown) {
      if (thrown instanceof errors.AuthorizationError) throw brokerFailure(thrown, options.url)
      const pauseMs = backoffMs(attempt, 100, 1_000)
      if (performance.now() + pauseMs >= giveUpAt) throw unreachable(options.url, thrown)
      await pause(pauseMs)
    }
  }
}

function connectionOptions(options: ConnectOptions): NodeConnectionOptions {
  const { url, service, instance, nkeySeed, user, password, maxReconnectMs = 1_000 } = options
  let reconnects = 0
  return {
    servers: url.split(',').map((each) => each.trim()),
    name: `${service}.${instance}`,
    inboxPrefix: inboxPrefix(service),
    timeout: 5_000,
    pingInterval: 20_000,
    // The client would build a stack trace for each request in case that it fails: a third of the time of publishing.
    noAsyncTraces: true,
    maxReconnectAttempts: -1,
    reconnectDelayHandler: () => Math.min(maxReconnectMs, 50 * 2 ** Math.min(reconnects++ % 8, 6)),
    // An identity that UEBA has blocked comes back by itself when a person releases it.
    ignoreAuthErrorAbort: true,
    ...(nkeySeed !== undefined ? { authenticator: nkeyAuthenticator(readSeed(nkeySeed, service)) } : {}),
    ...(user !== undefined ? { user, pass: password ?? '' } : {}),
  }
}

function readSeed(seed: string, service: string): Uint8Array {
  if (!/^SU[A-Z2-7]{56}$/.test(seed.trim())) {
    throw new Terminal(
      'BAD_CONFIG',
      `the nkey seed of ${service} is not a user seed; expected "SU" and 56 more characters`,
      {
        hint: 'make one with `nsc generate nkey --user` or the provisioning tool',
      },
    )
  }
  return new TextEncoder().encode(seed.trim())
}

const unreachable = (url: string, cause: unknown) =>
  new Retryable('BROKER_UNAVAILABLE', `no NATS server answers at ${withoutCredentials(url)}`, {
    cause,
    hint: 'start one (`./pitcrew up` does), or set NATS_URL',
  })

const withoutCredentials = (url: string) => url.replaceAll(/\/\/[^@/]*@/g, '//')

/** Logs what happens to the connection, and tells the listeners when it is back. Ends with the connection. */
export async function watchConnection(
  connection: NatsConnection,
  telemetry: Telemetry,
  listeners: Set<() => void>,
): Promise<void> {
  const { logger } = telemetry
  for await (const status of connection.status()) {
    switch (status.type) {
      case 'disconnect':
        logger.warn('broker connection lost')
        break
      case 'reconnect':
        logger.info('broker connection is back')
        for (const listener of listeners) listener()
        break
      case 'error':
        logger.error('the broker reports an error', { error: status.error })
        break
      case 'slowConsumer':
        logger.warn('a subscription falls behind', { pending: status.pending })
        break
      default:
        logger.debug('broker connection status', { status: status.type })
    }
  }
}
