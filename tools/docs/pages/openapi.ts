/** The gateway's REST API as it describes itself: the app is built and asked, and no port is opened. */
import { createTelemetry } from '@pitcrew/observability'
import type { Clients } from '../../../apps/gateway/src/adapters/clients.ts'
import { ApiKeys } from '../../../apps/gateway/src/domain/api-keys.ts'
import { RateLimit } from '../../../apps/gateway/src/domain/rate-limit.ts'
import { EventFeed } from '../../../apps/gateway/src/handlers/event-feed.ts'
import { gatewayApp } from '../../../apps/gateway/src/handlers/http.ts'

/** Describing a route calls nobody. */
const nobody = {} as Clients

export async function openApiPage(): Promise<string> {
  const telemetry = createTelemetry({ service: 'gateway', instance: 'documentation', write: () => {} })
  const app = await gatewayApp({
    clients: nobody,
    feed: new EventFeed(1),
    telemetry,
    keys: new ApiKeys(new Map()),
    rateLimit: new RateLimit(1),
    maxBodyBytes: 1_024,
  })
  try {
    return JSON.stringify(app.swagger(), null, 2)
  } finally {
    await app.close()
    await telemetry.shutdown()
  }
}
