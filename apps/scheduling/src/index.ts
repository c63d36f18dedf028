import { runAgent } from '@pitcrew/agent'
import { scheduling } from '@pitcrew/contracts'
import { defineService } from '@pitcrew/service'
import { schedulingSchema } from './adapters/migrations.ts'
import { schedulingCapabilities } from './capabilities.ts'
import { schedulingConfig } from './config.ts'
import { schedulingServer } from './grpc.ts'
import { startScheduling } from './start.ts'

/** Offers, holds and confirms workshop slots, and follows the visits. */
export const schedulingService = defineService({
  name: 'scheduling',
  config: schedulingConfig,
  async start(service) {
    const { config, messaging, telemetry, instance } = service
    const database = await service.database(schedulingSchema)
    const { workshop, stop } = startScheduling({ config, database, messaging, telemetry })
    service.onStop('bookings', stop)
    await service.rpc([{ definition: scheduling.SchedulingServiceService, implementation: schedulingServer(workshop) }])
    const agent = await runAgent({
      messaging,
      telemetry,
      service: 'scheduling',
      instance,
      version: '0.1.0',
      capabilities: schedulingCapabilities(workshop),
    })
    service.onStop('agent', () => agent.stop())
  },
})
