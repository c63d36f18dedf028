import { provisionJobs } from '@pitcrew/jobs'
import { connectMessaging, provisionStreams } from '@pitcrew/messaging'
import type { Telemetry } from '@pitcrew/observability'

export interface ProvisionStreamsOptions {
  url: string
  nkeySeed: string | undefined
  replicas: number
  telemetry: Telemetry
  connectWithinMs?: number
}

/** Makes the streams of the platform and of its jobs on that broker, or brings them up to date. */
export async function provisionBroker({
  url,
  nkeySeed,
  replicas,
  telemetry,
  connectWithinMs,
}: ProvisionStreamsOptions): Promise<void> {
  const { instance } = telemetry
  const messaging = await connectMessaging({
    url,
    service: 'provisioner',
    instance,
    telemetry,
    nkeySeed,
    connectWithinMs,
  })
  try {
    await provisionStreams(messaging.connection, { replicas, fileStorage: true })
    await provisionJobs(messaging.connection, { replicas, fileStorage: true })
  } finally {
    await messaging.drain()
  }
}
