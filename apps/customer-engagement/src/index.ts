import { capabilities } from '@pitcrew/contracts'
import { handle, runAgent } from '@pitcrew/agent'
import { defineService } from '@pitcrew/service'
import { schema } from './adapters/schema.ts'
import { config } from './config.ts'
import { openEngagement } from './engagement.ts'
import { engagementRpc } from './grpc.ts'

export const customerEngagementService = defineService({
  name: 'customer-engagement',
  config,
  async start(context) {
    const { name, instance, messaging, telemetry } = context
    const database = await context.database(schema)
    const clock = { now: () => Date.now() }
    const engagement = await openEngagement({ database, messaging, telemetry, config: context.config, clock })
    context.onStop('engagement', () => engagement.stop())

    await context.rpc([engagementRpc(engagement)])
    if (engagement.inbound !== undefined) await context.http(engagement.inbound)
    const agent = await runAgent({
      ...{ messaging, telemetry, service: name, instance, version: '0.1.0' },
      capabilities: [
        handle(capabilities.proposeAppointment, engagement.proposeAppointment),
        handle(capabilities.confirmAppointment, engagement.confirmAppointment),
        handle(capabilities.askFeedback, engagement.askFeedback),
      ],
    })
    context.onStop('agent', () => agent.stop())
  },
})
