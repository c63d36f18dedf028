import { readFileSync } from 'node:fs'
import { streams } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { createTelemetry } from '@pitcrew/observability'
import type { Env } from './hosted-service.ts'
import { provisionBroker } from './provision.ts'

export async function provision(env: Env): Promise<void> {
  const url = env.NATS_URL ?? 'nats://127.0.0.1:4222'
  const telemetry = createTelemetry({ service: 'provisioner', instance: String(process.pid), logLevel: 'warn' })
  const connectWithinMs = 60_000
  await provisionBroker({ url, nkeySeed: seedOf(env), replicas: replicasOf(env), telemetry, connectWithinMs })
  await telemetry.shutdown()
  process.stdout.write(`${Object.keys(streams).length} streams are ready on ${url.replaceAll(/\/\/[^@/]*@/g, '//')}\n`)
}

function replicasOf({ NATS_REPLICAS: text = '1' }: Env): number {
  if (/^[1-5]$/.test(text)) return Number(text)
  throw new Terminal('BAD_CONFIG', `NATS_REPLICAS: found '${text}', expected a number from 1 to 5`)
}

function seedOf({ NATS_NKEY_SEED: seed, NATS_NKEY_SEED_FILE: file }: Env): string | undefined {
  if (seed || !file) return seed || undefined
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new Terminal('BAD_CONFIG', `NATS_NKEY_SEED_FILE: found '${file}', which cannot be read, expected a file`, {
      cause,
    })
  }
}
