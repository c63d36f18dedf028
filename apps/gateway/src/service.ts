import { readFile } from 'node:fs/promises'
import { Terminal } from '@pitcrew/errors'
import { defineService, type ServiceContext } from '@pitcrew/service'
import { serviceClients } from './adapters/clients.ts'
import { config as schema, type Config } from './config.ts'
import { ApiKeys } from './domain/api-keys.ts'
import { RateLimit } from './domain/rate-limit.ts'
import { EventFeed } from './handlers/event-feed.ts'
import { gatewayApp } from './handlers/http.ts'

export const gatewayService = defineService({ name: 'gateway', config: schema, start })

async function start(context: ServiceContext<Config>): Promise<void> {
  const { config, telemetry, messaging } = context
  const keys = await readKeys(config)
  const feed = new EventFeed(config.GATEWAY_MAX_STREAMS)
  const app = await gatewayApp({
    clients: serviceClients(context),
    feed,
    telemetry,
    ...(keys && { keys }),
    rateLimit: new RateLimit(config.GATEWAY_REQUESTS_PER_MINUTE),
    maxBodyBytes: config.GATEWAY_MAX_BODY_BYTES,
  })
  await context.http(app.routing)
  // Stopped before the HTTP server, which would wait for the streams to end.
  const events = feed.start(messaging)
  context.onStop('event feed', () => events.stop())
}

/** @throws Terminal BAD_CONFIG rather than serve everybody on a network without keys */
async function readKeys(config: Config): Promise<ApiKeys | undefined> {
  const file = config.GATEWAY_API_KEYS_FILE
  if (file) return ApiKeys.parse(await readFile(file, 'utf8'), file)
  if (/^(127\.|::1$|localhost$)/.test(config.PITCREW_BIND) || config.GATEWAY_TRUST_NETWORK === 'true') return undefined
  throw new Terminal('BAD_CONFIG', `the gateway would serve ${config.PITCREW_BIND} without API keys`, {
    hint: 'set GATEWAY_API_KEYS_FILE, or GATEWAY_TRUST_NETWORK=true where something else guards the port',
  })
}
