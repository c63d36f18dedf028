import type { Database } from '@pitcrew/database'
import { Terminal } from '@pitcrew/errors'
import type { Config } from '../../config.ts'
import type { TelematicsFeed } from '../../handlers/telematics-feed.ts'
import { feedAddress, type FeedAddress } from './feed-address.ts'
import { feedClient } from './feed-client.ts'
import { feedSecrets, withSecret, type FeedSecrets } from './feed-secrets.ts'
import { iso15143Feed } from './iso15143/index.ts'
import { knownVehicles } from './known-vehicles.ts'
import { pitcrewFeed } from './pitcrew-feed.ts'
import { samsaraFeed } from './samsara/index.ts'

export interface OpenFeed {
  feed: TelematicsFeed
  intervalMs: number
}

/** The feeds of TELEMATICS_APIS, in its order. Throws Terminal BAD_CONFIG for secrets that are none or for nobody. */
export function openFeeds(config: Config, database: Database, now: () => number): OpenFeed[] {
  const addresses = config.TELEMATICS_APIS.flatMap((entry) => feedAddress(entry) ?? [])
  const secrets = feedSecrets(config.TELEMATICS_API_SECRETS, config.TELEMATICS_API_SECRETS_FILE)
  refuseStraySecrets(addresses, secrets)
  return addresses.map((address) => openFeed(withSecret(address, secrets), config, database, now))
}

function openFeed(address: FeedAddress, config: Config, database: Database, now: () => number): OpenFeed {
  const { kind, name } = address
  const client = feedClient(address, {
    timeoutMs: config.POLL_TIMEOUT_MS,
    maxBytes: config.MAX_BODY_BYTES,
    requestsPerSecond: config.POLL_REQUESTS_PER_SECOND,
  })
  const vehicles = knownVehicles(database)
  const intervalMs = config.POLL_INTERVAL_MS
  switch (kind) {
    case 'pitcrew':
      return { feed: pitcrewFeed(name, client, config.POLL_PAGE_FRAMES), intervalMs }
    case 'samsara':
      return { feed: samsaraFeed({ name, client, vehicles }), intervalMs }
    case 'iso15143': {
      const { ISO15143_FAULT_CODES_PATH: faultCodesPath, MAX_FRAME_AGE_MS: maxAgeMs } = config
      const feed = iso15143Feed({ name, client, vehicles, faultCodesPath, maxAgeMs, now })
      return { feed, intervalMs: config.ISO15143_INTERVAL_MS }
    }
  }
}

/** A key that fits no API is a slip of the pen, and its API would be asked without credentials. */
function refuseStraySecrets(addresses: readonly FeedAddress[], secrets: FeedSecrets): void {
  const known = new Set(addresses.flatMap(({ url }) => [url, new URL(url).host]))
  const stray = Object.keys(secrets).find((key) => !known.has(key))
  if (stray !== undefined)
    throw new Terminal('BAD_CONFIG', `TELEMATICS_API_SECRETS: found '${stray}', expected the host or URL of an API`, {
      hint: 'name it as in TELEMATICS_APIS, without its kind and without a slash at its end',
    })
}
