/** Workflows of any definition over REST. */
import type { Clients } from '../../adapters/clients.ts'
import type { Route } from '../route.ts'
import { approvalRoutes } from './approvals.ts'
import { bulkRoutes } from './bulk.ts'
import { definitionRoutes } from './definitions.ts'
import { readingRoutes } from './reading.ts'
import { startRoutes } from './starting.ts'
import { steeringRoutes } from './steering.ts'

export const workflowRoutes = (clients: Pick<Clients, 'workflows'>): Route[] => [
  ...definitionRoutes(clients),
  ...startRoutes(clients),
  ...readingRoutes(clients),
  ...steeringRoutes(clients),
  ...approvalRoutes(clients),
  ...bulkRoutes(clients),
]
