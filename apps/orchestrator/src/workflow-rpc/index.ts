/** WorkflowService: any workflow, over gRPC. */
import { engine } from '@pitcrew/contracts'
import type { RpcService } from '@pitcrew/rpc'
import { bulkRpc } from './bulk.ts'
import { definitionRpc } from './definitions.ts'
import { followRpc } from './follow.ts'
import type { WorkflowRpcParts } from './parts.ts'
import { readingRpc } from './reading.ts'
import { startRpc } from './starting.ts'
import { steeringRpc } from './steering.ts'
import { summaryRpc } from './summary.ts'

export function workflowRpc(parts: WorkflowRpcParts): RpcService {
  const implementation: engine.WorkflowServiceServer = {
    ...definitionRpc(parts),
    ...startRpc(parts),
    ...readingRpc(parts),
    ...steeringRpc(parts),
    ...bulkRpc(parts),
    ...summaryRpc(parts),
    ...followRpc(parts),
  }
  return { definition: engine.WorkflowServiceService, implementation }
}
