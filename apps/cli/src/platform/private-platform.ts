/**
 * A platform for one command: its data in a temporary folder, its ports whatever is free, and both gone afterwards. It has
 * no fleet of its own, and people and workshops in it do not take long.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Env } from './hosted-service.ts'
import { startPlatform, type Platform, type Step } from './platform.ts'
import { wellKnownPorts } from './ports.ts'

export interface PrivatePlatform {
  platform: Platform
  remove(): Promise<void>
}

const hurried: Env = {
  SIMULATOR_VEHICLES: '0',
  SIMULATOR_REACTION_MS: '300',
  SIMULATOR_SERVICE_MS: '1000',
  ENGAGEMENT_POLL_MS: '250',
  VISITS_POLL_MS: '250',
}

export async function startPrivatePlatform(settings: Env, onStep?: (step: Step) => void): Promise<PrivatePlatform> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pitcrew-'))
  const removeData = () => rmSync(dataDir, { recursive: true, force: true })
  const env = { ...withoutOwnPlace(process.env), ...hurried, ...settings }
  try {
    const platform = await startPlatform({ dataDir, ports: 'free', env, onStep })
    return {
      platform,
      async remove() {
        await platform.stop()
        removeData()
      },
    }
  } catch (error) {
    removeData()
    throw error
  }
}

/** What would make it share a place with another platform: ports, a database, addresses. */
function withoutOwnPlace(env: Env): Env {
  const ports = Object.keys(wellKnownPorts({ simulator: true }))
  const places = ['DATABASE_URL', 'NATS_URL', 'PUBLIC_URL', 'GATEWAY_URL', 'SMTP_URL', 'DEALER_URL', 'TELEMATICS_APIS']
  return Object.fromEntries(Object.entries(env).filter(([key]) => !ports.includes(key) && !places.includes(key)))
}
