/** A broker of its own for one measurement, as ./pitcrew up runs it: what is acknowledged is on the disk. */
import { join } from 'node:path'
import { findNatsServer, startBroker, type Broker, type NatsServer } from '@pitcrew/broker'
import { connectMessaging, provisionStreams } from '@pitcrew/messaging'
import { provisionWorkflowStreams } from '@pitcrew/workflow-jetstream'
import { binDir } from '../../platform/checkout.ts'
import { benchTelemetry } from './telemetry.ts'

export const findServer = (onProgress: (words: string) => void): Promise<NatsServer> =>
  findNatsServer({
    cacheDir: binDir,
    onProgress: ({ source, outcome, words }) =>
      outcome === 'trying' && source !== 'path' && source !== 'cache' && onProgress(words),
  })

export interface BrokerOptions {
  server: NatsServer
  folder: string
  partitions: number
}

export async function startProvisionedBroker({ server, folder, partitions }: BrokerOptions): Promise<Broker> {
  const broker = await startBroker({ executable: server.path, storeDir: join(folder, 'store'), syncAlways: true })
  try {
    const telemetry = benchTelemetry('provisioner')
    const messaging = await connectMessaging({ url: broker.url, service: 'provisioner', instance: 'bench', telemetry })
    await provisionStreams(messaging.connection, { replicas: 1, fileStorage: true })
    await provisionWorkflowStreams(messaging.connection, { partitions, replicas: 1 })
    await messaging.drain()
    return broker
  } catch (error) {
    await broker.stop()
    throw error
  }
}
