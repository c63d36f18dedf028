/** A process that relays the outbox of a database on disk and is killed when the broker has acknowledged the first event. */
import { openDatabase } from '@pitcrew/database'
import { connectMessaging, type Messaging } from '@pitcrew/messaging'
import { createTelemetry } from '@pitcrew/observability'
import { relayOutbox } from '../src/index.ts'
import { schema } from './bench.ts'

const [databaseUrl, brokerUrl] = process.argv.slice(2) as [string, string]
const telemetry = createTelemetry({ service: 'scheduling', instance: 'dying' })
const database = await openDatabase({ url: databaseUrl })
const messaging = await connectMessaging({ url: brokerUrl, service: 'scheduling', instance: 'dying', telemetry })
const publish: Messaging['publish'] = async (...args) => {
  const ack = await messaging.publish(...args)
  process.kill(process.pid, 'SIGKILL')
  return ack
}
relayOutbox({ database, schema, telemetry, messaging: { publish } })
