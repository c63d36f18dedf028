import { handle, runAgent } from '@pitcrew/agent'
import { capabilities, events, type vehicle } from '@pitcrew/contracts'
import { relayOutbox } from '@pitcrew/outbox'
import { defineService } from '@pitcrew/service'
import { saveVehicle } from './adapters/exposure.ts'
import { recordFailure } from './adapters/failure-store.ts'
import { manufacturingSchema } from './adapters/schema.ts'
import { config } from './config.ts'
import { manufacturingRpc } from './grpc.ts'
import { recordFailureTask } from './handlers/record-failure.ts'
import { onVehicleRegistered } from './handlers/vehicle-registered.ts'

export { renderCapa } from './domain/render-capa.ts'

const now = (): string => new Date().toISOString()

export const manufacturingInsightsService = defineService({
  name: 'manufacturing-insights',
  config,
  async start(context) {
    const { messaging, telemetry, instance, config: settings } = context
    const database = await context.database(manufacturingSchema)
    const relay = relayOutbox({ database, schema: 'manufacturing', messaging, telemetry })
    context.onStop('outbox', () => relay.stop())
    await context.rpc([manufacturingRpc(database, now)])

    const register = { save: (subject: vehicle.Vehicle, since: string) => saveVehicle(database, subject, since) }
    const registrations = await messaging.consume(
      events.vehicleRegistered,
      { durable: 'exposure', concurrency: settings.MANUFACTURING_INSIGHTS_CONCURRENCY },
      onVehicleRegistered(register),
    )
    context.onStop('registrations', () => registrations.stop())

    const record = recordFailureTask({ record: (failure, subject) => recordFailure(database, failure, subject) }, now)
    const agent = await runAgent({
      messaging,
      telemetry,
      service: 'manufacturing-insights',
      instance,
      version: settings.PITCREW_VERSION,
      concurrency: settings.MANUFACTURING_INSIGHTS_CONCURRENCY,
      capabilities: [handle(capabilities.recordFailure, (request) => record(request).finally(() => relay.wake()))],
    })
    context.onStop('agent', () => agent.stop())
  },
})
