import { engagement } from '@pitcrew/contracts'
import { unary } from '@pitcrew/rpc'
import type { Engagement } from './engagement.ts'

export function engagementRpc(service: Engagement) {
  const implementation: engagement.EngagementServiceServer = {
    upsertCustomer: unary(service.upsertCustomer),
    getLink: unary(service.getLink),
    followLink: unary(service.followLink),
    listMessages: unary(service.listMessages),
  }
  return { definition: engagement.EngagementServiceService, implementation }
}
