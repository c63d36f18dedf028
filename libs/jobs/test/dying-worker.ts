/** A process that holds on to jobs until it is told to let go, for its parent to freeze and kill. */
import { once } from 'node:events'
import { toFailure } from '@pitcrew/errors'
import { connectMessaging } from '@pitcrew/messaging'
import { createTelemetry } from '@pitcrew/observability'
import { defineJob, perform, runWorkers } from '../src/index.ts'

const [url, kind] = process.argv.slice(2) as [string, string]
const telemetry = createTelemetry({ service: 'data-analysis', instance: 'dying', write: () => undefined })
const messaging = await connectMessaging({ url, service: 'data-analysis', instance: 'dying', telemetry })
const hold = perform(defineJob<null, string>(kind), async (_, { signal }) => {
  signal.addEventListener('abort', () => process.stdout.write(`${toFailure(signal.reason).code}\n`))
  process.stdout.write('begun\n')
  await once(process.stdin, 'data')
  return 'from the dying'
})
await runWorkers(messaging, { jobs: [hold], ackWaitMs: 1_500 })
